// Package service runs one service of the shop: its log, its databases, its work in the
// background and its HTTP server, until SIGTERM. It knows nothing of what the service
// does.
package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Env is what a service works with.
type Env struct {
	Kafka string // the broker's HOST:PORT

	ctx   context.Context
	work  sync.WaitGroup
	pools []*pgxpool.Pool
}

// Go runs work in the background. Its context ends when the service does, and the
// service waits for it.
func (e *Env) Go(work func(ctx context.Context)) {
	e.work.Go(func() { work(e.ctx) })
}

// Run serves what routes returns, until the process is told to end.
func Run(routes func(*Env) (http.Handler, error)) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", os.Getenv("SERVICE")))
	if err := run(routes); err != nil {
		slog.Error("end", "err", err)
		os.Exit(1)
	}
}

func run(routes func(*Env) (http.Handler, error)) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	env := &Env{Kafka: os.Getenv("KAFKA"), ctx: ctx}
	defer env.close()
	defer env.work.Wait()
	defer stop() // what works in the background ends before that
	handler, err := routes(env)
	if err != nil {
		return err
	}
	server := &http.Server{Addr: os.Getenv("ADDR"), Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	env.Go(func(ctx context.Context) {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if err := server.Shutdown(late); err != nil { // requests may still be at work
			slog.Error("shut down", "err", err)
		}
	})
	slog.Info("serve", "address", server.Addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func (e *Env) close() {
	for _, pool := range e.pools {
		pool.Close()
	}
}
