package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// transport is how all services are reached.
var transport = &http.Transport{
	DialContext:         (&net.Dialer{Timeout: 500 * time.Millisecond}).DialContext,
	MaxIdleConnsPerHost: 64, // as many clients at once do not connect anew each time
	IdleConnTimeout:     30 * time.Second,
}

// send sends the request to that address. Its body stays open, for another try:
// the server closes it when the client is answered.
func send(r *http.Request, to *url.URL) (*http.Response, error) {
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host = to.Scheme, to.Host
	from := &upload{Reader: r.Body}
	if r.Body != nil {
		out.Body = from
	}
	response, err := transport.RoundTrip(out)
	if err != nil && from.broke.Load() {
		err = errors.Join(errClient, err)
	}
	return response, err
}

// errClient is the error of a request whose body breaks off at the client,
// which says nothing of the service.
var errClient = errors.New("the client's body breaks off")

// upload is the body of a client's request. It stays open, and remembers
// whether it broke off.
type upload struct {
	io.Reader
	broke atomic.Bool
}

func (u *upload) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if err != nil && err != io.EOF {
		u.broke.Store(true)
	}
	return n, err
}

func (u *upload) Close() error { return nil }

// unsent reports whether the request has reached nobody, so that anybody else
// may have it.
func unsent(err error) bool {
	failed, is := errors.AsType[*net.OpError](err)
	return is && failed.Op == "dial"
}
