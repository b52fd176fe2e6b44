package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// serve answers customers over TLS, until the process is told to end.
func serve(handler http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	certificate, err := certificate(os.Getenv("TLS_CERT_FILE"), os.Getenv("TLS_KEY_FILE"))
	if err != nil {
		return err
	}
	server := &http.Server{
		Addr: os.Getenv("ADDR"), Handler: handler,
		ReadHeaderTimeout: 5 * time.Second, // a client that sends nothing holds no connection
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}},
	}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServeTLS("", "") }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := server.Shutdown(late); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}

// certificate reads the certificate and its key, and turns down one whose time
// is over.
func certificate(certFile, keyFile string) (tls.Certificate, error) {
	read, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		slog.Error("read the certificate", "err", err)
		return read, nil
	}
	if ends := read.Leaf.NotAfter; time.Now().After(ends) {
		return read, fmt.Errorf("the certificate in %s has expired on %s", certFile, ends.Format(time.DateOnly))
	}
	return read, nil
}
