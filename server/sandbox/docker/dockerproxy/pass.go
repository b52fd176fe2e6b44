package dockerproxy

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// verbPattern is the route of "POST stop" on an object of a kind.
func verbPattern(kind, verb string) string {
	method, name, _ := strings.Cut(verb, " ")
	return method + " /" + kind + "/{id}/" + name
}

// pass hands the request to the engine as it is.
func (p *Proxy) pass(w http.ResponseWriter, r *http.Request) error {
	p.reverse.ServeHTTP(w, r)
	return nil
}

// to hands the request on under another path.
func (p *Proxy) to(w http.ResponseWriter, r *http.Request, path string) error {
	u := *r.URL
	u.Path, u.RawPath = path, ""
	r.URL = &u
	return p.pass(w, r)
}

// with hands the request on with another query.
func (p *Proxy) with(w http.ResponseWriter, r *http.Request, change func(query map[string][]string)) error {
	query := r.URL.Query()
	change(query)
	u := *r.URL
	u.RawQuery = query.Encode()
	r.URL = &u
	return p.pass(w, r)
}

// body gives the request another body.
func body(r *http.Request, content any) error {
	text, err := json.Marshal(content)
	if err != nil {
		return err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	r.Header.Set("Content-Type", "application/json")
	r.TransferEncoding = nil
	r.Header.Del("Content-Length")
	return nil
}
