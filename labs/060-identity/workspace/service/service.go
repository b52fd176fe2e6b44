// Package service runs one service of the shop: its log and its HTTP server,
// until SIGTERM. It knows nothing of what the service does.
package service

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Run serves the handler at ADDR until the process is told to end.
func Run(handler http.Handler) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", os.Getenv("SERVICE")))
	if err := run(handler); err != nil {
		slog.Error("end", "err", err)
		os.Exit(1)
	}
}

func run(handler http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &http.Server{
		Addr: os.Getenv("ADDR"), Handler: handler,
		ReadHeaderTimeout: 5 * time.Second, // a client that sends nothing holds no connection
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	slog.Info("serve", "address", server.Addr)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(late); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
