package dockerproxy_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"
)

// A build whose client goes is cut, but for one that is to be finished.
func TestBuildIsFinishedThoughNobodyWaits(t *testing.T) {
	for query, finished := range map[string]bool{"t=order": false, "t=order&finish=1": true} {
		t.Run(query, func(t *testing.T) {
			s := open(t)
			gone, ends := make(chan struct{}), make(chan bool, 1)
			s.build = func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, "{}\n")
				http.NewResponseController(w).Flush()
				<-gone
				select {
				case <-r.Context().Done():
					ends <- false
				case <-time.After(time.Second):
					ends <- true
				}
			}
			ctx, leave := context.WithCancel(t.Context())
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://proxy/v1.41/build?"+query, nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := s.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			leave()
			answer.Body.Close()
			close(gone)
			if <-ends != finished {
				t.Errorf("finished: %v", !finished)
			}
		})
	}
}
