//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"testing"

	"cnalab/labs/check"
)

const startOrder = "Build it with docker build -t order . and start it with docker run -d --name order -p 8080 -v orders:/data order."

// The orders outlive their container, in the volume orders.
func TestStep04_TheOrdersOutliveTheirContainer(t *testing.T) {
	s := open(t)
	container := s.container("order", startOrder)
	mount, found := volume(container, "orders")
	if !found {
		s.NotYet(check.Finding{Say: "The container order does not have the volume orders.", Got: mounts(container), Want: "volume orders at /data",
			Next: "Remove it with docker rm -f order, and start it with -v orders:/data."})
	}
	if !mount.RW {
		s.NotYet(check.Finding{Say: "The volume orders can only be read.", Got: "-v orders:" + mount.Destination + ":ro", Want: "-v orders:/data",
			Next: "Remove the container, and start it without :ro."})
	}
	id := s.place(container, s.serving(container))
	next := container.Replace()
	status, body := ask(s.Context, http.MethodGet, s.serving(next), "/orders/"+id, nil)
	if status != http.StatusOK {
		s.NotYet(check.Finding{Say: "The container was removed and made again, and the order is gone.", Got: fmt.Sprint(status, " ", body), Want: "the order",
			Next: "Order writes to the folder /data. Mount the volume there: " + mounts(next) + " is beside it.", Output: next.Output()})
	}
}
