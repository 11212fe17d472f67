// Package s3 gives tests a storage that judges: gofakes3, which keeps and lists
// as S3 does, behind a gate that checks every signature (AWS Signature Version 4,
// in the Authorization header, over the whole body), as storages do and it does not.
//
// The gate is written from the public description of the signature, not from the
// library that signs, and tested with the examples published there.
package s3

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Gate lets those through whose signature is right.
type Gate struct {
	Key, Secret, Region string
	Now                 func() time.Time
	Forbid              string // a method the key has no right to
	Behind              http.Handler
}

// What the storage of tests is called, and who may use it.
const (
	Key    = "AKIAIOSFODNN7EXAMPLE"
	Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	Region = "eu-west-3"
	Bucket = "alliance"
)

// New starts a storage with one bucket. What a test changes of the gate holds for
// the next request.
func New(tb testing.TB) (*Gate, *httptest.Server) {
	tb.Helper()
	memory := s3mem.New()
	if err := memory.CreateBucket(Bucket); err != nil {
		tb.Fatal(err)
	}
	g := &Gate{Key: Key, Secret: Secret, Region: Region, Now: time.Now, Behind: gofakes3.New(memory).Server()}
	server := httptest.NewServer(g)
	tb.Cleanup(server.Close)
	return g, server
}

// Address is how the program is told of a storage.
func Address(server *httptest.Server) string {
	return "s3://" + Key + ":" + url.QueryEscape(Secret) + "@" + strings.TrimPrefix(server.URL, "http://") + "/" + Bucket + "?plain=1&region=" + Region
}

func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // half a request is none
	}
	if status, code, words := g.judge(r, body); code != "" {
		w.Header().Set("Date", g.Now().UTC().Format(http.TimeFormat))
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`, code, words)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	g.Behind.ServeHTTP(w, r)
}

var authorization = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$`)

// skew is how far the clocks may be apart.
const skew = 15 * time.Minute

// judge gives the status and code of S3 for what is wrong; code "" = nothing is.
func (g *Gate) judge(r *http.Request, body []byte) (status int, code, words string) {
	m := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil {
		return http.StatusForbidden, "AccessDenied", "Access Denied"
	}
	key, day, region, signed, signature := m[1], m[2], m[3], strings.Split(m[4], ";"), m[5]
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	switch {
	case key != g.Key:
		return http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."
	case region != g.Region:
		return http.StatusBadRequest, "AuthorizationHeaderMalformed", "the region " + region + " is wrong; expecting " + g.Region
	case err != nil, at.Format("20060102") != day:
		return http.StatusForbidden, "AccessDenied", "no date"
	case g.Now().Sub(at).Abs() > skew:
		return http.StatusForbidden, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."
	}
	for name := range r.Header { // what changes the meaning must be signed
		if low := strings.ToLower(name); strings.HasPrefix(low, "x-amz-") && !slices.Contains(signed, low) {
			return http.StatusForbidden, "AccessDenied", low + " is not signed"
		}
	}
	if !slices.Contains(signed, "host") || !slices.IsSorted(signed) {
		return http.StatusForbidden, "AccessDenied", "the host is not signed"
	}
	said := r.Header.Get("X-Amz-Content-Sha256")
	if want := g.sign(r, signed, said, at, day); !hmac.Equal([]byte(want), []byte(signature)) {
		return http.StatusForbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."
	}
	if said != hash(body) {
		return http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."
	}
	if r.Method == g.Forbid {
		return http.StatusForbidden, "AccessDenied", "Access Denied"
	}
	return 0, "", ""
}

// sign computes the signature a request should have.
func (g *Gate) sign(r *http.Request, signed []string, said string, at time.Time, day string) string {
	var canonical strings.Builder
	fmt.Fprintf(&canonical, "%s\n%s\n%s\n", r.Method, encode(r.URL.Path, true), query(r.URL.Query()))
	for _, name := range signed {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		fmt.Fprintf(&canonical, "%s:%s\n", name, strings.Join(strings.Fields(value), " "))
	}
	fmt.Fprintf(&canonical, "\n%s\n%s", strings.Join(signed, ";"), said)
	scope := day + "/" + g.Region + "/s3/aws4_request"
	text := "AWS4-HMAC-SHA256\n" + at.Format("20060102T150405Z") + "\n" + scope + "\n" + hash([]byte(canonical.String()))
	key := []byte("AWS4" + g.Secret)
	for _, step := range []string{day, g.Region, "s3", "aws4_request", text} {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(step))
		key = m.Sum(nil)
	}
	return hex.EncodeToString(key)
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// query writes the parameters, each encoded, in the order of what that gives.
func query(values url.Values) string {
	var list []string
	for name, all := range values {
		for _, v := range all {
			list = append(list, encode(name, false)+"="+encode(v, false))
		}
	}
	slices.Sort(list)
	return strings.Join(list, "&")
}

// encode writes every octet but unreserved ones as %XY; the slashes of a path stay.
func encode(s string, path bool) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0, path && c == '/':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
