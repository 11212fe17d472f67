package file

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"alliance/internal/platform/db"
)

// bucket is Blobs in S3-compatible storage, by four requests of its REST
// interface: PUT, GET, DELETE and ListObjectsV2. The hash of the content is what
// the signature wants of a body, so the storage itself refuses damaged content.
type bucket struct {
	at     *url.URL // of the bucket: https://host/name
	region string
	keys   aws.Credentials
	signer *v4.Signer
	client *http.Client
}

// Bucket gives the content kept at s3://KEY:SECRET@HOST/NAME?region=REGION, over
// https, or over http on this machine (?plain=1). Region: us-east-1 if none is given.
func Bucket(address string) (Blobs, error) {
	b, err := parseBucket(address)
	if err != nil {
		return nil, err
	}
	return b, nil
}

func parseBucket(address string) (*bucket, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("file: the address of the bucket cannot be read") // not shown: it holds a secret
	}
	secret, _ := at.User.Password()
	name := strings.Trim(at.Path, "/")
	if at.Scheme != "s3" || at.Host == "" || name == "" || strings.Contains(name, "/") || at.User.Username() == "" || secret == "" {
		return nil, errors.New("file: write the bucket as s3://KEY:SECRET@HOST/NAME?region=REGION")
	}
	b := &bucket{at: &url.URL{Scheme: "https", Host: at.Host, Path: "/" + name}, region: at.Query().Get("region"),
		keys: aws.Credentials{AccessKeyID: at.User.Username(), SecretAccessKey: secret}}
	if b.region == "" {
		b.region = "us-east-1"
	}
	if at.Query().Get("plain") != "" {
		if ip := net.ParseIP(at.Hostname()); ip == nil || !ip.IsLoopback() {
			return nil, errors.New("file: a bucket is reached without encryption on this machine only")
		}
		b.at.Scheme = "http"
	}
	b.signer = v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	b.client = &http.Client{Timeout: 5 * time.Minute, Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute,
		TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
	}}
	return b, nil
}

// String says where it is, without its secret.
func (b *bucket) String() string { return b.at.Host + b.at.Path }

// request is one thing asked of the storage.
type request struct {
	method, key string
	query       url.Values
	rangeFrom   int64
	body        io.Reader
	size        int64
	hash        string // of the body
}

// nothing is the hash of no body.
const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// ask sends a request, once more where that is safe. The answer is one of
// success, or fs.ErrNotExist; anything else is db.ErrAway or a refusal.
func (b *bucket) ask(ctx context.Context, r request) (*http.Response, error) {
	for try := 0; ; try++ {
		res, err := b.once(ctx, r)
		if err == nil && res.StatusCode < 300 {
			return res, nil
		}
		status := 0
		if err == nil {
			status = res.StatusCode
			if err = refusal(res, r); errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
		}
		if ctx.Err() != nil || status >= 400 && status < 500 && status != http.StatusTooManyRequests {
			return nil, err
		}
		if err = fmt.Errorf("%w: %w", db.ErrAway, err); try == 2 || !r.rewind() {
			return nil, err
		}
		pause := time.NewTimer(time.Duration(100*(try+1)) * time.Millisecond)
		select {
		case <-ctx.Done():
			pause.Stop()
			return nil, ctx.Err()
		case <-pause.C:
		}
	}
}

// told is ask where the answer is a document.
func (b *bucket) told(ctx context.Context, r request, into any) error {
	res, err := b.ask(ctx, r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := xml.NewDecoder(io.LimitReader(res.Body, 10<<20)).Decode(into); err != nil {
		return fmt.Errorf("file: what the bucket answers cannot be read: %w", err)
	}
	return nil
}

// rewind tells whether the body can be sent once more.
func (r request) rewind() bool {
	if r.body == nil {
		return true
	}
	s, ok := r.body.(io.Seeker)
	if !ok {
		return false
	}
	_, err := s.Seek(0, io.SeekStart)
	return err == nil
}

func (b *bucket) once(ctx context.Context, r request) (*http.Response, error) {
	at := *b.at
	if r.key != "" {
		at.Path += "/" + r.key
	}
	at.RawQuery = r.query.Encode()
	var body io.Reader
	if r.body != nil && r.size > 0 { // of a body without octets the client says no length, and storages refuse that
		body = io.NopCloser(r.body) // the client would close what may be sent again
	}
	req, err := http.NewRequestWithContext(ctx, r.method, at.String(), body) // #nosec G704 -- the host is the setting of who runs the program; a key is a hash
	if err != nil {
		return nil, err
	}
	req.ContentLength = r.size
	if r.rangeFrom > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", r.rangeFrom))
	}
	req.Header.Set("X-Amz-Content-Sha256", r.hash)
	if err := b.signer.SignHTTP(ctx, b.keys, req, r.hash, "s3", b.region, time.Now()); err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	return b.client.Do(req) // #nosec G704 -- as above
}

// keyOf spreads content as a folder does.
func keyOf(hash string) (string, error) {
	if !isHash(hash) {
		return "", fmt.Errorf("file: %q is not a hash", hash)
	}
	return hash[:2] + "/" + hash, nil
}

// Put always sends: the storage notes the new instant, and keeps the content once.
func (b *bucket) Put(ctx context.Context, hash string, r io.Reader, size int64) error {
	key, err := keyOf(hash)
	if err != nil {
		return err
	}
	res, err := b.ask(ctx, request{method: http.MethodPut, key: key, body: r, size: size, hash: hash})
	if err != nil {
		return err
	}
	return res.Body.Close()
}

func (b *bucket) Open(ctx context.Context, hash string) (io.ReadSeekCloser, error) {
	key, err := keyOf(hash)
	if err != nil {
		return nil, err
	}
	return b.open(ctx, key)
}

func (b *bucket) open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	o := &object{ctx: ctx, b: b, key: key, broke: -1}
	if err := o.from(0); err != nil {
		return nil, err
	}
	return o, nil
}

// Delete looks when the content was last put. The storage tells whole seconds:
// in doubt it stays, for the next sweep.
func (b *bucket) Delete(ctx context.Context, hash string, before time.Time) error {
	key, err := keyOf(hash)
	if err != nil {
		return err
	}
	head, err := b.ask(ctx, request{method: http.MethodHead, key: key, hash: nothing})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	head.Body.Close()
	put, err := http.ParseTime(head.Header.Get("Last-Modified"))
	if err != nil {
		return fmt.Errorf("file: the bucket does not say since when: %w", err)
	}
	if put.Add(time.Second).After(before) {
		return nil
	}
	return b.drop(ctx, request{method: http.MethodDelete, key: key, hash: nothing})
}

// drop asks for a deletion; what is not there is no error.
func (b *bucket) drop(ctx context.Context, r request) error {
	res, err := b.ask(ctx, r)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// listed is one thing of a list.
type listed struct {
	Key          string
	LastModified time.Time
	Size         int64
}

// page is what ListObjectsV2 answers.
type page struct {
	Contents              []listed
	IsTruncated           bool
	NextContinuationToken string
}

func (b *bucket) Each(ctx context.Context, visit func(string, time.Time) error) error {
	return b.list(ctx, "", func(o listed) error {
		_, hash, _ := strings.Cut(o.Key, "/")
		if key, err := keyOf(hash); err != nil || key != o.Key {
			return nil // not ours
		}
		return visit(hash, o.LastModified)
	})
}

// list visits what has a name that begins so.
func (b *bucket) list(ctx context.Context, prefix string, visit func(listed) error) error {
	query := url.Values{"list-type": {"2"}}
	if prefix != "" {
		query.Set("prefix", prefix)
	}
	for {
		var p page
		if err := b.told(ctx, request{method: http.MethodGet, query: query, hash: nothing}, &p); err != nil {
			return err
		}
		for _, o := range p.Contents {
			if err := visit(o); err != nil {
				return err
			}
		}
		if !p.IsTruncated || p.NextContinuationToken == "" {
			return nil
		}
		query.Set("continuation-token", p.NextContinuationToken)
	}
}

// object reads content from the storage. A new place is asked for when it is
// read, not when it is sought: whoever only looks for the size asks once.
type object struct {
	ctx      context.Context
	b        *bucket
	key      string
	size     int64
	at       int64 // where the reader is
	body     io.ReadCloser
	bodyFrom int64 // where the body is
	broke    int64 // where the line broke last; -1 = nowhere
}

func (o *object) from(at int64) error {
	o.Close()
	res, err := o.b.ask(o.ctx, request{method: http.MethodGet, key: o.key, rangeFrom: at, hash: nothing})
	if err != nil {
		return err
	}
	if at == 0 {
		o.size = res.ContentLength
	}
	if o.size < 0 || at > 0 && res.StatusCode != http.StatusPartialContent {
		res.Body.Close()
		return errors.New("file: the bucket does not give parts")
	}
	o.body, o.bodyFrom = res.Body, at
	return nil
}

func (o *object) Read(p []byte) (int, error) {
	if o.at >= o.size {
		return 0, io.EOF
	}
	for {
		if o.body == nil || o.bodyFrom != o.at {
			if err := o.from(o.at); err != nil {
				return 0, err
			}
		}
		n, err := o.body.Read(p)
		o.at += int64(n)
		o.bodyFrom = o.at
		if err == io.EOF && o.at < o.size {
			err = io.ErrUnexpectedEOF
		}
		if n > 0 && err != io.EOF {
			return n, nil // what is wrong is seen at the next read
		}
		if err == nil || err == io.EOF || o.ctx.Err() != nil || o.at <= o.broke {
			return n, err
		}
		o.broke = o.at // a large content outlasts a line: on from here, as long as it goes on
		o.Close()
	}
}

func (o *object) Seek(offset int64, whence int) (int64, error) {
	to := offset
	switch whence {
	case io.SeekCurrent:
		to += o.at
	case io.SeekEnd:
		to += o.size
	}
	if to < 0 {
		return 0, errors.New("file: before the beginning")
	}
	o.at = to
	return to, nil
}

func (o *object) Close() error {
	if o.body == nil {
		return nil
	}
	err := o.body.Close()
	o.body = nil
	return err
}
