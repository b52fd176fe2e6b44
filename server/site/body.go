package site

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"cnalab/server/site/httperror"
)

// bodyTimeout is how long a request's body may take to arrive: the largest one is
// a mebibyte.
const bodyTimeout = 30 * time.Second

// inTime lets go of who sends a body so slowly that it would hold a handler for
// ever. It bounds the body alone: what a server's ReadTimeout does to the whole
// request would end checks and streams, too.
func (s *Site) inTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			control := http.NewResponseController(w)
			_ = control.SetReadDeadline(time.Now().Add(s.BodyTimeout)) // tests read from no connection
			r.Body = &timedBody{r.Body, control}
		}
		next.ServeHTTP(w, r)
	})
}

// timedBody is a body that has to arrive before its connection's deadline.
type timedBody struct {
	io.ReadCloser
	control *http.ResponseController
}

// Read takes the deadline away when all has arrived: who works on it may take as
// long as that takes.
func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == io.EOF:
		_ = b.control.SetReadDeadline(time.Time{})
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = httperror.TooSlow(err)
	}
	return n, err
}
