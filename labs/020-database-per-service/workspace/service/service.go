// Package service runs one service of the shop: its log, its database and its HTTP
// server, until SIGTERM. It knows nothing of what the service does.
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
	DB *pgxpool.Pool

	ctx  context.Context
	work sync.WaitGroup
}

// Go runs work in the background. Its context ends when the service does, and the
// service waits for it.
func (e *Env) Go(work func(ctx context.Context)) {
	e.work.Go(func() { work(e.ctx) })
}

// Run connects to the database whose URL is in the environment variable, creates the
// tables of the schema there, and serves what routes returns, until the process is
// told to end.
func Run(variable, schema string, routes func(*Env) http.Handler) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", os.Getenv("SERVICE")))
	if err := run(variable, schema, routes); err != nil {
		slog.Error("end", "err", err)
		os.Exit(1)
	}
}

func run(variable, schema string, routes func(*Env) http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	db, err := open(ctx, os.Getenv(variable), schema)
	if err != nil {
		return err
	}
	defer db.Close()
	env := &Env{DB: db, ctx: ctx}
	server := &http.Server{Addr: os.Getenv("ADDR"), Handler: routes(env), ReadHeaderTimeout: 5 * time.Second}
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

// open connects to the database and creates the tables that it lacks. Postgres logs
// the application_name beside each statement: it says which service sent it.
func open(ctx context.Context, url, schema string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database's URL: %w", err)
	}
	config.ConnConfig.RuntimeParams["application_name"] = os.Getenv("SERVICE")
	db, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	// Two services may start at once: the lock lets one of them create the tables.
	if _, err := db.Exec(ctx, "SELECT pg_advisory_xact_lock(20);"+schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("create tables: %w", err)
	}
	return db, nil
}
