// Package port hands out addresses on loopback that nobody else is handed. It
// knows nothing of who listens on them.
package port

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// Ports are taken from below the range that Linux, macOS and Windows give to
// outgoing connections, so that nobody is handed ours while a gate is shut.
const (
	firstPort = 20000
	lastPort  = 32000
	attempts  = 200
)

var reserved = struct {
	sync.Mutex
	addresses map[string]bool
}{addresses: map[string]bool{}}

// ErrTaken is in the error of what could not listen on an address that it was
// handed: another program was quicker.
var ErrTaken = errors.New("port is taken")

// Reserve returns an address on loopback that nobody listens on and that this
// program will not reserve again before Release.
func Reserve() (string, error) {
	reserved.Lock()
	defer reserved.Unlock()
	for range attempts {
		address := fmt.Sprintf("127.0.0.1:%d", firstPort+rand.IntN(lastPort-firstPort))
		if reserved.addresses[address] || taken(address) {
			continue
		}
		reserved.addresses[address] = true
		return address, nil
	}
	return "", errors.New("reserve port: none is free")
}

// Release gives a reserved address back.
func Release(address string) {
	reserved.Lock()
	defer reserved.Unlock()
	delete(reserved.addresses, address)
}

func taken(address string) bool {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return true
	}
	listener.Close()
	return false
}
