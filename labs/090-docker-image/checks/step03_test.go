//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

const most = 20_000_000 // bytes

// The image is under 20 MB, and there is no shell in it.
func TestStep03_TheImageIsSmallAndPlain(t *testing.T) {
	s := open(t)
	image := s.engine.Build(s.engine.Context())
	if image.Size >= most {
		s.NotYet(check.Finding{Say: "The image is too large: it still contains what only the build needs.", Got: fmt.Sprintf("%.1f MB", float64(image.Size)/1e6),
			Want: "less than 20 MB", At: "Dockerfile", Next: "Begin a second stage with FROM scratch, and copy the program from the first."})
	}
	programs, shell := s.engine.Programs(image.ID)
	if shell != "" {
		s.NotYet(check.Finding{Say: "There is a shell in the image, which an intruder can use.", Got: shell, Want: "no shell", At: "Dockerfile",
			Next: "Begin the last stage with FROM scratch: a Go program that is built with CGO_ENABLED=0 needs no other files."})
	}
	if len(programs) > 1 {
		s.NotYet(check.Finding{Say: "The image has other programs beside order.", Got: strings.Join(programs[:min(len(programs), 5)], ", "), Want: "only order", At: "Dockerfile",
			Next: "Copy only order and its folder into the last stage."})
	}
	container := s.engine.Start(image.ID, port, nil)
	s.place(container, s.serving(container))
}

// Order does not run as root, and can still store orders.
func TestStep03_OrderDoesNotRunAsRoot(t *testing.T) {
	s := open(t)
	image := s.engine.Build(s.engine.Context())
	user, _, _ := strings.Cut(image.Config.User, ":")
	if user == "" || user == "0" || user == "root" {
		s.NotYet(check.Finding{Say: "Order runs as root in its container.", Got: fmt.Sprintf("USER %q", image.Config.User),
			Want: "another user, by number", At: "Dockerfile", Next: "Write USER 10001:10001 in the last stage."})
	}
	container := s.engine.Start(image.ID, port, nil)
	if now, _, _ := s.settled(container); !now.State.Running && strings.Contains(now.Output(), "permission denied") {
		s.NotYet(check.Finding{Say: "Order has no right to write to its folder, and has ended.", Got: "permission denied", Want: "a folder /data that belongs to order's user",
			At: "Dockerfile", Next: "Create the folder in the first stage, and copy it with COPY --from=build --chown=10001:10001 /data /data.", Output: now.Output()})
	}
	address := s.serving(container)
	if slices.Contains(container.Users(), "0") { // whatever name or number the image gives it
		s.NotYet(check.Finding{Say: fmt.Sprintf("The image names the user %s, but its process runs as root.", image.Config.User), Got: "a process of user 0",
			Want: "another user, by number", At: "Dockerfile", Next: "Write USER 10001:10001 in the last stage."})
	}
	s.place(container, address)
	s.closed(container)
}

// closed sees that nobody but order's user, and its group, may write where
// order keeps its orders.
func (s *shop) closed(order *docker.Container) {
	s.Helper()
	folder := order.Env("DATA", "/data")
	if header, _, found := order.File(folder + "/."); found && header.Mode&0o002 != 0 {
		s.NotYet(check.Finding{Say: fmt.Sprintf("Every user may write to the folder %s, not only order's user.", folder), Got: fmt.Sprintf("user %d, mode %o", header.Uid, header.Mode&0o7777),
			Want: "a folder of order's user, in which no other user may write", At: "Dockerfile",
			Next: "Create it with mkdir, without another mode, and set its owner: COPY --from=build --chown=10001:10001 /data /data."})
	}
}

// settled waits until the container serves, compiles or has ended, and returns
// what order answered.
func (s *shop) settled(container *docker.Container) (now *docker.Container, status int, body string) {
	s.Helper()
	s.Within(soon, func() bool {
		now = container.Inspect()
		status, body = ask(s.Context, http.MethodGet, now.Address(port), "/health", nil)
		return status != 0 || !now.State.Running || s.Context.Err() != nil || slices.ContainsFunc(now.Commands(), compiler.MatchString)
	})
	return now, status, body
}
