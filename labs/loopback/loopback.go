// Package loopback finds addresses on this machine for programs that will
// listen there. It does not know who they are, and keeps no address for them.
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

// FreeAddress returns a HOST:PORT that nobody listens on at this moment, and
// which passes says is one to take; nil takes any.
func FreeAddress(passes func(address string) bool) (string, error) {
	for range attempts {
		address := fmt.Sprintf("127.0.0.1:%d", firstPort+rand.IntN(lastPort-firstPort))
		if (passes == nil || passes(address)) && free(address) {
			return address, nil
		}
	}
	return "", errors.New("find a free port: none is free")
}

func free(address string) bool {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return false
	}
	listener.Close()
	return true
}
