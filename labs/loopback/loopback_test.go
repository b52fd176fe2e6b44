package loopback

import (
	"net"
	"strconv"
	"testing"
)

func TestReserve(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		address, release, err := Reserve()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(release)
		_, port, _ := net.SplitHostPort(address)
		if number, _ := strconv.Atoi(port); number < firstPort || number >= lastPort {
			t.Errorf("port %s, want one of %d to %d", port, firstPort, lastPort)
		}
		if seen[address] {
			t.Errorf("%s was given twice", address)
		}
		seen[address] = true
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		listener.Close()
	}
}

func TestReserveLooksWhetherSomebodyListens(t *testing.T) {
	address, release, err := Reserve()
	if err != nil {
		t.Fatal(err)
	}
	release()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if free(address) {
		t.Errorf("%s is called free, and somebody listens there", address)
	}
}
