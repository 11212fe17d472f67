package housetest

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
)

func (c *Client) multipart(path string, values url.Values, files map[string][2]string) *Page {
	c.tb.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, vs := range values {
		for _, v := range vs {
			w.WriteField(k, v)
		}
	}
	for field, f := range files {
		part, err := w.CreateFormFile(field, f[0])
		if err != nil {
			c.tb.Fatal(err)
		}
		part.Write([]byte(f[1]))
	}
	w.Close()
	req, err := http.NewRequest("POST", c.h.Server.URL+path, &b)
	if err != nil {
		c.tb.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return c.do(req)
}
