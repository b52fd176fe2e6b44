// Package loopback finds addresses on this machine for programs that will
// listen there, and keeps them until they do. It does not know who they are.
package loopback

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports are taken from below the range that Linux, macOS and Windows give to
// outgoing connections, so that nobody is given one while nothing listens yet.
const (
	firstPort = 20000
	lastPort  = 32000
	attempts  = 200
)

// Reserve returns a HOST:PORT that nobody listens on, and that nobody else who
// asks here is given, in whatever program of this machine, until release is
// called or this program has ended.
//
// What says so is a UDP socket of the same number: it goes with its program,
// however that ends, and leaves the TCP port free for who will listen there.
func Reserve() (address string, release func(), err error) {
	for range attempts {
		address := fmt.Sprintf("127.0.0.1:%d", firstPort+rand.IntN(lastPort-firstPort))
		mark, err := net.ListenPacket("udp", address)
		if err != nil {
			continue // it is another's
		}
		if free(address) {
			return address, func() { mark.Close() }, nil
		}
		mark.Close()
	}
	return "", nil, errors.New("reserve a port: none is free")
}

func free(address string) bool {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return false
	}
	listener.Close()
	return true
}
