package cleanup

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// Ports are taken from below the range that Linux, macOS and Windows give to
// outgoing connections, so that nobody is given ours while nothing listens.
const (
	firstPort = 20000
	lastPort  = 32000
	attempts  = 200
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

// ReleasePort gives a reserved address back.
func ReleasePort(address string) {
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
