// Command order keeps the shop's orders, and speaks HTTP on port 8080.
//
//	order            serves
//	order health     asks the order that runs beside it whether it is well, and says so by its exit status
//	order version    prints its version
package main

import (
	"cmp"
	"context"
	"errors"
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
	server := &http.Server{Addr: address(), Handler: routes(orders)}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	log.Printf("%s keeps its orders in %s and listens on %s", version, orders, address())
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// health is for the container's own health check.
func health() error {
	_, port, err := net.SplitHostPort(address())
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 2 * time.Second}
	answer, err := client.Get("http://127.0.0.1:" + port + "/health")
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
