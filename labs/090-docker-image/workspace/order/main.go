// Command order keeps the shop's orders, and speaks HTTP on port 8080.
//
//	order            serves
//	order health     asks the order in the same container whether it answers; exit status 0 means that it does
//	order version    prints its version
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const version = "order 1.4"

func main() {
	var err error
	switch command := cmp.Or(argument(1), "serve"); command {
	case "serve":
		err = serve()
	case "health":
		err = health()
	case "version":
		fmt.Println(version)
	default:
		err = fmt.Errorf("order knows no %q", command)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// address is where order listens: every address of its own host.
func address() string { return cmp.Or(os.Getenv("ADDRESS"), ":8080") }

func serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	orders, err := open(ctx)
	if err != nil {
		return err
	}
	server := &http.Server{Addr: address(), Handler: routes(orders), ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	log.Printf("%s keeps its orders in %s and listens on %s", version, orders, address())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// Requests that have begun get their answers. docker stop waits 10 seconds, then it kills.
	ending, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	return server.Shutdown(ending)
}

// health is for the container's health check. It asks /live, not /health: a new
// container of order would not bring back a database that is away.
func health() error {
	_, port, err := net.SplitHostPort(address())
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 2 * time.Second}
	answer, err := client.Get("http://127.0.0.1:" + port + "/live")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("order is not well: %s", answer.Status)
	}
	return nil
}

func argument(i int) string {
	if i < len(os.Args) {
		return os.Args[i]
	}
	return ""
}
