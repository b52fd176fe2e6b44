//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

const startOrder = "Build it with docker build -t order . and start it with docker run -d --name order -p 8080 -v orders:/data order."

// The orders outlive their container, in the volume orders.
func TestStep05_TheOrdersOutliveTheirContainer(t *testing.T) {
	s := open(t)
	container := s.container("order", startOrder)
	s.keeps(container)
	s.inImage(container)
	id := s.place(container, s.serving(container))
	next := container.Replace()
	status, body := ask(s.Context, http.MethodGet, s.serving(next), "/orders/"+id, nil)
	if status != http.StatusOK {
		s.NotYet(check.Finding{Say: "The check removed the container and started it again, and the order is gone.", Got: fmt.Sprint(status, " ", body), Want: "the order",
			Next: fmt.Sprintf("Order writes to the folder /data. Mount the volume there. The container has %s.", mounts(next)), Output: next.Output()})
	}
}

// keeps sees that the folder where order keeps its file is the volume orders.
func (s *shop) keeps(order *docker.Container) {
	s.Helper()
	folder := order.Env("DATA", "/data")
	mount, _ := order.MountOf(folder)
	if !kept(mount) || mount.Name != "orders" {
		s.NotYet(check.Finding{Say: fmt.Sprintf("The folder %s of the container order is not in the volume orders.", folder), Got: mounts(order),
			Want: fmt.Sprintf("volume orders at %s", folder), Next: fmt.Sprintf("Remove it with docker rm -f order, and start it with -v orders:%s.", folder)})
	}
	if !mount.RW {
		s.NotYet(check.Finding{Say: "The volume orders is mounted read-only.", Got: fmt.Sprintf("-v orders:%s:ro", mount.Destination), Want: fmt.Sprintf("-v orders:%s", mount.Destination),
			Next: "Remove the container, and start it without :ro."})
	}
}

// inImage sees that the program which the container runs is its image's own.
func (s *shop) inImage(order *docker.Container) {
	s.Helper()
	words := append([]string{order.Path}, order.Args...)
	for _, word := range words {
		if mount, outside := order.MountOf(word); outside {
			s.NotYet(check.Finding{Say: "The container order runs a program that is not in its image.", Got: fmt.Sprintf("%s, which is mounted at %s", word, mount.Destination),
				Want: "the program of the image order", Next: startOrder})
		}
	}
	for _, changed := range order.Changes() {
		if _, mounted := order.MountOf(changed); !mounted && slices.ContainsFunc(words, func(word string) bool { return path.Base(word) == path.Base(changed) }) {
			s.NotYet(check.Finding{Say: "The program in the container order is not the one of its image. It was replaced.",
				Got: fmt.Sprintf("docker diff order names %s", changed), Want: "the program of the image order",
				Next: "Remove the container: what you copy into a container is lost with it. " + startOrder})
		}
	}
	alone := s.engine.Start(order.Image, port, nil)
	if now, _, _ := s.settled(alone); !now.State.Running {
		s.NotYet(check.Finding{Say: "The image of the container order does not serve orders by itself.", Got: fmt.Sprintf("exit status %d", now.State.ExitCode),
			Want: "the image that you have built from the Dockerfile", Next: startOrder, Output: now.Output()})
	}
	s.serving(alone)
}
