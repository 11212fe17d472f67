package file

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"
)

// refusal turns an answer of the storage into an error that says what to look
// at. Codes are those of S3; what stands for more than one cause is told as it is.
func refusal(res *http.Response, r request) error {
	raw, _ := io.ReadAll(io.LimitReader(res.Body, 4000))
	res.Body.Close()
	var said struct{ Code, Message string }
	_ = xml.Unmarshal(raw, &said) // HEAD has no body, and proxies answer otherwise
	switch said.Code {
	case "NoSuchBucket":
		return errors.New("file: there is no bucket of this name: compare the last part of its address with what the storage lists")
	case "InvalidAccessKeyId":
		return errors.New("file: the storage does not know the key: compare the first part of the address of the bucket (s3://KEY:…)")
	case "SignatureDoesNotMatch":
		return errors.New("file: the storage does not take the signature: compare the secret (s3://KEY:SECRET@…) and the region with what the storage says")
	case "AuthorizationHeaderMalformed":
		return fmt.Errorf("file: the storage expects another region (?region=…): %.200s", said.Message)
	case "AccessDenied":
		return fmt.Errorf("file: the key may not do this in the bucket (%s): give it the right to list, read, write and delete there", r.method)
	case "RequestTimeTooSkewed", "RequestExpired":
		return fmt.Errorf("file: the storage finds the clock of this machine wrong%s: set it, and let it follow a time server", skew(res))
	}
	if res.StatusCode == http.StatusNotFound {
		return fs.ErrNotExist
	}
	if said.Code == "" {
		said.Message = string(raw)
	}
	return fmt.Errorf("file: the bucket answers %s to %s: %.20s %.300s", res.Status, r.method, said.Code, said.Message)
}

// skew says by how much, from the storage's own clock.
func skew(res *http.Response) string {
	theirs, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return ""
	}
	return fmt.Sprintf(" (it says %s, this machine %s)", theirs.UTC().Format("2006-01-02 15:04 UTC"), time.Now().UTC().Format("15:04 UTC"))
}
