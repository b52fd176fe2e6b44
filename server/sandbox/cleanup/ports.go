package cleanup

import (
	"errors"
	"sync"

	"cnalab/labs/loopback"
)

var reserved = struct {
	sync.Mutex
	addresses map[string]bool
}{addresses: map[string]bool{}}

// ErrPortTaken is in the error of what could not listen on an address that was
// reserved for it: another program was quicker.
var ErrPortTaken = errors.New("port is taken")

// ReservePort returns an address on loopback that nobody listens on and that
// this program will not reserve again before ReleasePort.
func ReservePort() (string, error) {
	reserved.Lock()
	defer reserved.Unlock()
	address, err := loopback.FreeAddress(func(address string) bool { return !reserved.addresses[address] })
	if err == nil {
		reserved.addresses[address] = true
	}
	return address, err
}

// ReleasePort gives a reserved address back.
func ReleasePort(address string) {
	reserved.Lock()
	defer reserved.Unlock()
	delete(reserved.addresses, address)
}
