package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"

	"cnalab/labs"
)

// allowed turns down an address that other machines could reach: whoever opens
// a lab runs programs on this one. Where the address is published by somebody
// else, it is theirs to keep others out.
func allowed(address string, published bool) error {
	host, port, err := net.SplitHostPort(address)
	if number, bad := strconv.Atoi(port); err != nil || bad != nil || number < 0 || number > 65535 {
		return usage(fmt.Sprintf("%q is not an address to listen on.", address), "Write it as 127.0.0.1:8080.")
	}
	if ip := net.ParseIP(host); published || host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return usage(fmt.Sprintf("The address %s can be reached from other machines, and whoever opens a lab runs programs on this one.", address),
		"Listen on 127.0.0.1:"+port+", and reach it from elsewhere through ssh -L.")
}

// reachable is the address by which this machine's own programs find what
// listens on all of them.
func reachable(address net.Addr) string {
	if tcp, ok := address.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return address.String()
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err == nil {
		return listener, nil
	}
	host, port, _ := net.SplitHostPort(address)
	p := &labs.Problem{Kind: labs.Machine, Err: err,
		Say:  fmt.Sprintf("The server cannot listen on %s.", address),
		Next: fmt.Sprintf("Choose another port: --addr %s:%s, or PORT=%s go tool task up.", host, another(port), another(port))}
	switch {
	case errors.Is(err, syscall.EADDRINUSE), strings.Contains(err.Error(), "Only one usage of each socket address"):
		p.Say = fmt.Sprintf("Port %s is taken by another program.", port)
	case errors.Is(err, syscall.EACCES):
		p.Say = fmt.Sprintf("You may not listen on port %s.", port)
	}
	return nil, p
}

// another suggests a port that is not the one that failed.
func another(port string) string {
	number, _ := strconv.Atoi(port)
	if number < 1024 || number >= 65535 {
		return "9090"
	}
	return strconv.Itoa(number + 1)
}
