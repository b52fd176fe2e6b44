// Package service runs one service of the shop: its log, its database, its
// work in the background and its HTTP server, until SIGTERM. It knows nothing
// of what the service does.
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

	"shop/trace"
)

// Env is what a service works with.
type Env struct {
	Name  string        // "order"
	Kafka string        // the broker's HOST:PORT
	DB    *pgxpool.Pool // the service's own database

	ctx  context.Context
	work sync.WaitGroup
}

// Go runs work in the background. Its context ends when the service does,
// and the service waits for it.
func (e *Env) Go(work func(ctx context.Context)) {
	e.work.Go(func() { work(e.ctx) })
}

// Run brings the service up with its tables and serves what routes returns,
// until the process is told to end.
func Run(schema string, routes func(*Env) http.Handler) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", os.Getenv("SERVICE")))
	if err := run(schema, routes); err != nil {
		slog.Error("end", "err", err)
		os.Exit(1)
	}
}

func run(schema string, routes func(*Env) http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	db, err := open(ctx, schema)
	if err != nil {
		return err
	}
	defer db.Close()
	env := &Env{Name: os.Getenv("SERVICE"), Kafka: os.Getenv("KAFKA"), DB: db, ctx: ctx}
	server := &http.Server{
		Addr: os.Getenv("ADDR"), Handler: trace.Handler(routes(env)),
		ReadHeaderTimeout: 5 * time.Second, // a client that sends nothing holds no connection
	}
	env.Go(func(ctx context.Context) {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if err := server.Shutdown(late); err != nil { // requests may still be at work
			slog.Error("shut down", "err", err)
		}
	})
	slog.Info("serve", "address", server.Addr)
	err = server.ListenAndServe()
	stop()
	env.work.Wait()
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// open connects to the service's database and creates the tables it lacks.
func open(ctx context.Context, schema string) (*pgxpool.Pool, error) {
	db, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if _, err := db.Exec(ctx, schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("create tables: %w", err)
	}
	return db, nil
}
