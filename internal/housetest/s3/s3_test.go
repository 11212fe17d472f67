package s3

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// example is one of the examples published with the description of the signature
// ("Signature Calculations for the Authorization Header", single chunk).
type example struct {
	method, target, body string
	headers              map[string]string
	signed, signature    string
}

const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

var published = map[string]example{
	"get an object": {"GET", "/test.txt", "", map[string]string{"Range": "bytes=0-9", "X-Amz-Content-Sha256": nothing},
		"host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
	"put an object": {"PUT", "/test$file.text", "Welcome to Amazon S3.", map[string]string{"Date": "Fri, 24 May 2013 00:00:00 GMT", "X-Amz-Storage-Class": "REDUCED_REDUNDANCY",
		"X-Amz-Content-Sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"},
		"date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
	"a parameter without a value": {"GET", "/?lifecycle", "", map[string]string{"X-Amz-Content-Sha256": nothing},
		"host;x-amz-content-sha256;x-amz-date", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
	"a list": {"GET", "/?max-keys=2&prefix=J", "", map[string]string{"X-Amz-Content-Sha256": nothing},
		"host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
}

func (e example) request() *http.Request {
	r := httptest.NewRequest(e.method, e.target, strings.NewReader(e.body))
	r.Host = "examplebucket.s3.amazonaws.com"
	for name, value := range e.headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("X-Amz-Date", "20130524T000000Z")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+Key+"/20130524/us-east-1/s3/aws4_request,SignedHeaders="+e.signed+",Signature="+e.signature)
	return r
}

func gate(at time.Time) *Gate {
	return &Gate{Key: Key, Secret: Secret, Region: "us-east-1", Now: func() time.Time { return at }}
}

// TestPublishedExamples: the gate finds their signatures right, and wrong as soon
// as anything is changed that they cover.
func TestPublishedExamples(t *testing.T) {
	at := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	for name, e := range published {
		t.Run(name, func(t *testing.T) {
			if _, code, words := gate(at).judge(e.request(), []byte(e.body)); code != "" {
				t.Fatal(code, words)
			}
			for what, c := range map[string]struct {
				change func(*http.Request, *Gate)
				want   string
			}{
				"method":     {func(r *http.Request, _ *Gate) { r.Method = "DELETE" }, "SignatureDoesNotMatch"},
				"path":       {func(r *http.Request, _ *Gate) { r.URL.Path += "x" }, "SignatureDoesNotMatch"},
				"query":      {func(r *http.Request, _ *Gate) { r.URL.RawQuery += "&x=1" }, "SignatureDoesNotMatch"},
				"host":       {func(r *http.Request, _ *Gate) { r.Host = "example.org" }, "SignatureDoesNotMatch"},
				"hash":       {func(r *http.Request, _ *Gate) { r.Header.Set("X-Amz-Content-Sha256", hash([]byte("x"))) }, "SignatureDoesNotMatch"},
				"instant":    {func(r *http.Request, _ *Gate) { r.Header.Set("X-Amz-Date", "20130524T000001Z") }, "SignatureDoesNotMatch"},
				"secret":     {func(_ *http.Request, g *Gate) { g.Secret += "x" }, "SignatureDoesNotMatch"},
				"key":        {func(_ *http.Request, g *Gate) { g.Key += "x" }, "InvalidAccessKeyId"},
				"region":     {func(_ *http.Request, g *Gate) { g.Region = "eu-west-3" }, "AuthorizationHeaderMalformed"},
				"late":       {func(_ *http.Request, g *Gate) { g.Now = func() time.Time { return at.Add(16 * time.Minute) } }, "RequestTimeTooSkewed"},
				"early":      {func(_ *http.Request, g *Gate) { g.Now = func() time.Time { return at.Add(-16 * time.Minute) } }, "RequestTimeTooSkewed"},
				"day":        {func(r *http.Request, _ *Gate) { r.Header.Set("X-Amz-Date", "20130523T235959Z") }, "AccessDenied"},
				"unsigned":   {func(r *http.Request, _ *Gate) { r.Header.Set("X-Amz-Acl", "public-read") }, "AccessDenied"},
				"no proof":   {func(r *http.Request, _ *Gate) { r.Header.Del("Authorization") }, "AccessDenied"},
				"old scheme": {func(r *http.Request, _ *Gate) { r.Header.Set("Authorization", "AWS "+Key+":x") }, "AccessDenied"},
			} {
				r, g := e.request(), gate(at)
				c.change(r, g)
				if _, code, _ := g.judge(r, []byte(e.body)); code != c.want {
					t.Errorf("%s changed: %q, want %q", what, code, c.want)
				}
			}
			if _, code, _ := gate(at).judge(e.request(), []byte(e.body+"x")); code != "XAmzContentSHA256Mismatch" {
				t.Errorf("another body: %q", code)
			}
		})
	}
}
