package service

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// connections is how many a pool has at most.
const connections = 8

// Open returns a pool of connections to the database whose URL is in the environment
// variable, such as DATABASE_ORDER. It connects when it is first used. Postgres shows
// the application_name in pg_stat_activity: it says which service a connection is of.
func (e *Env) Open(variable string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(os.Getenv(variable))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", variable, err)
	}
	config.MaxConns = connections
	config.ConnConfig.ConnectTimeout = 2 * time.Second
	config.ConnConfig.RuntimeParams["application_name"] = os.Getenv("SERVICE")
	pool, err := pgxpool.NewWithConfig(e.ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", variable, err)
	}
	e.pools = append(e.pools, pool)
	return pool, nil
}

// Create runs the schema, which creates the tables that are not there. While the
// database does not answer it tries again, until the service ends.
func (e *Env) Create(db *pgxpool.Pool, schema string) {
	ctx := e.ctx
	// Two processes may start at once: the lock lets one of them create the tables.
	for pause := 50 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, time.Second) {
		_, err := db.Exec(ctx, "SELECT pg_advisory_xact_lock(71);"+schema)
		if err == nil {
			return
		}
		slog.Error("create tables", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
