package loopback

import (
	"net"
	"strconv"
	"testing"
)

func TestFreeAddress(t *testing.T) {
	address, err := FreeAddress(nil)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(address)
	if number, _ := strconv.Atoi(port); number < firstPort || number >= lastPort {
		t.Errorf("port %s, want one of %d to %d", port, firstPort, lastPort)
	}
	if _, err := FreeAddress(func(other string) bool { return other == address }); err == nil {
		t.Error("an address where somebody listens was called free")
	}
}
