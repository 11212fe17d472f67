package file

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Shelf is a bucket of things with names of ours, which may be large. Nothing
// of them touches the disk: what is written goes out in parts as it comes.
type Shelf struct{ b *bucket }

// Thing lies on a shelf.
type Thing struct {
	Name string
	Size int64
}

// OpenShelf reads the address of a bucket, as Bucket does.
func OpenShelf(address string) (*Shelf, error) {
	b, err := parseBucket(address)
	if err != nil {
		return nil, err
	}
	return &Shelf{b}, nil
}

// String says where it is, without its secret.
func (s *Shelf) String() string { return s.b.String() }

// List gives the things whose names begin so.
func (s *Shelf) List(ctx context.Context, prefix string) (list []Thing, err error) {
	err = s.b.list(ctx, prefix, func(o listed) error {
		list = append(list, Thing{o.Key, o.Size})
		return nil
	})
	return list, err
}

// Open gives fs.ErrNotExist for what is not there. A line that breaks is taken
// up again where it broke.
func (s *Shelf) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	return s.b.open(ctx, name)
}

// Remove removes a thing; what is not there is no error.
func (s *Shelf) Remove(ctx context.Context, name string) error {
	return s.b.drop(ctx, request{method: http.MethodDelete, key: name, hash: nothing})
}

// part is what is held in memory of a thing on its way: ten thousand of them,
// which is the most, are 160 GB.
const part = 16 << 20

// Put keeps what fill writes under a name: all of it, or nothing.
func (s *Shelf) Put(ctx context.Context, name string, fill func(io.Writer) error) (int64, error) {
	p := &parts{ctx: ctx, b: s.b, key: name}
	err := fill(p)
	if err == nil {
		err = p.end()
	}
	if err != nil {
		p.abort()
	}
	return p.n, err
}

// parts sends a thing; small ones go in one request.
type parts struct {
	ctx    context.Context
	b      *bucket
	key    string
	upload string   // "" = not begun
	etags  []string // of the parts that arrived
	held   bytes.Buffer
	n      int64
}

func (p *parts) Write(b []byte) (int, error) {
	took := 0
	for len(b) > 0 {
		n := min(len(b), part-p.held.Len())
		p.held.Write(b[:n])
		b, took, p.n = b[n:], took+n, p.n+int64(n)
		if p.held.Len() == part {
			if err := p.send(); err != nil {
				return took, err
			}
		}
	}
	return took, nil
}

// body is a request that sends what is held.
func (p *parts) body(method string, query url.Values, content []byte) request {
	sum := sha256.Sum256(content)
	return request{method: method, key: p.key, query: query, body: bytes.NewReader(content), size: int64(len(content)), hash: hex.EncodeToString(sum[:])}
}

func (p *parts) send() error {
	if p.upload == "" {
		var begun struct{ UploadId string }
		if err := p.b.told(p.ctx, request{method: http.MethodPost, key: p.key, query: url.Values{"uploads": {""}}, hash: nothing}, &begun); err != nil {
			return err
		}
		if begun.UploadId == "" {
			return errors.New("file: the bucket takes nothing in parts")
		}
		p.upload = begun.UploadId
	}
	res, err := p.b.ask(p.ctx, p.body(http.MethodPut, url.Values{"partNumber": {strconv.Itoa(len(p.etags) + 1)}, "uploadId": {p.upload}}, p.held.Bytes()))
	if err != nil {
		return err
	}
	res.Body.Close()
	p.etags = append(p.etags, res.Header.Get("ETag"))
	p.held.Reset()
	return nil
}

func (p *parts) end() error {
	if p.upload == "" {
		res, err := p.b.ask(p.ctx, p.body(http.MethodPut, nil, p.held.Bytes()))
		if err != nil {
			return err
		}
		return res.Body.Close()
	}
	if p.held.Len() > 0 {
		if err := p.send(); err != nil {
			return err
		}
	}
	type one struct {
		PartNumber int
		ETag       string
	}
	whole := struct {
		XMLName xml.Name `xml:"CompleteMultipartUpload"`
		Part    []one
	}{}
	for i, tag := range p.etags {
		whole.Part = append(whole.Part, one{i + 1, tag})
	}
	text, err := xml.Marshal(whole)
	if err != nil {
		return err
	}
	var said struct {
		XMLName       xml.Name
		Code, Message string
	}
	// The storage begins to answer before it is done: success may hold an error.
	err = p.b.told(p.ctx, p.body(http.MethodPost, url.Values{"uploadId": {p.upload}}, text), &said)
	if err == nil && said.XMLName.Local == "Error" {
		err = fmt.Errorf("file: the bucket does not join the parts: %s %s", said.Code, said.Message)
	}
	if errors.Is(err, fs.ErrNotExist) && p.joined() {
		return nil // asked twice, since the first answer was lost
	}
	return err
}

// joined tells whether the thing is there, in the size that was sent.
func (p *parts) joined() bool {
	res, err := p.b.ask(p.ctx, request{method: http.MethodHead, key: p.key, hash: nothing})
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.ContentLength == p.n
}

// abort throws the parts away, also where nobody waits any more.
func (p *parts) abort() {
	if p.upload == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), 10*time.Second)
	defer cancel()
	_ = p.b.drop(ctx, request{method: http.MethodDelete, key: p.key, query: url.Values{"uploadId": {p.upload}}, hash: nothing})
}
