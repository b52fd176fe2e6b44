package cleanup

import (
	"errors"
	"sync"

	"cnalab/labs/loopback"
)

var reserved = struct {
	sync.Mutex
	releases map[string]func() // by address
}{releases: map[string]func(){}}

// ErrPortTaken is in the error of what could not listen on an address that was
// reserved for it: another program was quicker.
var ErrPortTaken = errors.New("port is taken")

// ReservePort returns an address on loopback that nobody listens on and that
// no program of ours is given before ReleasePort.
func ReservePort() (string, error) {
	address, release, err := loopback.Reserve()
	if err != nil {
		return "", err
	}
	reserved.Lock()
	defer reserved.Unlock()
	reserved.releases[address] = release
	return address, nil
}

// ReleasePort gives a reserved address back.
func ReleasePort(address string) {
	reserved.Lock()
	defer reserved.Unlock()
	if release := reserved.releases[address]; release != nil {
		release()
		delete(reserved.releases, address)
	}
}
