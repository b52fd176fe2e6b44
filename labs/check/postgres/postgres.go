// Package postgres lets a check ask the database of one of the lab's services,
// as that service's role. It knows no table, and nothing of how Postgres is run.
package postgres

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/environ"
)

const (
	connectTimeout = 5 * time.Second
	queryTimeout   = 5 * time.Second
)

// Conn is one connection to the database of a service: a transaction that is
// begun on it goes on in the next query. Each method answers or ends the check,
// so they belong on the check's own goroutine.
type Conn struct {
	c       *check.C
	service string
	conn    *pgx.Conn
}

// Open connects to the database of the service, until the check ends. Where
// Postgres does not answer, the check ends as could not check.
func Open(c *check.C, service string) *Conn {
	c.Helper()
	url := os.Getenv(labs.EnvDatabase(service))
	if url == "" {
		c.CouldNotCheck(check.Finding{
			Say:  "There is no database of " + service + " to ask.",
			Next: "Open the lab's sandbox, then check again.",
		})
	}
	ctx, cancel := context.WithTimeout(c.Context, connectTimeout)
	defer cancel()
	environ.Unset(environ.Postgres) // pgx would take from there what the address does not say
	conn, err := pgx.Connect(ctx, url)
	c.Must(err, "Postgres did not answer.")
	c.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	})
	return &Conn{c: c, service: service, conn: conn}
}

// Rows returns the rows of a query, by column. A table or column that is not
// there makes the check a not yet: the step asks for it.
func (p *Conn) Rows(query string, args ...any) []map[string]any {
	p.c.Helper()
	ctx, cancel := context.WithTimeout(p.c.Context, queryTimeout)
	defer cancel()
	rows, err := p.conn.Query(ctx, query, args...)
	if err != nil {
		p.fail(query, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToMap)
	if err != nil {
		p.fail(query, err)
	}
	return found
}

// Try is Rows for a statement that Postgres may refuse.
func (p *Conn) Try(query string, args ...any) ([]map[string]any, error) {
	ctx, cancel := context.WithTimeout(p.c.Context, queryTimeout)
	defer cancel()
	rows, err := p.conn.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToMap)
}

// Int returns the one number that a query answers with; no row is 0.
func (p *Conn) Int(query string, args ...any) int {
	p.c.Helper()
	ctx, cancel := context.WithTimeout(p.c.Context, queryTimeout)
	defer cancel()
	var n int
	err := p.conn.QueryRow(ctx, query, args...).Scan(&n)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		p.fail(query, err)
	}
	return n
}

// Tables lists the tables of the service's database in all schemas but
// Postgres's own, as a statement names them: one that is not on the search path
// with its schema, and quoted where that is needed.
func (p *Conn) Tables() []string {
	p.c.Helper()
	var names []string
	for _, row := range p.Rows(`
		SELECT format('%I.%I', schemaname, tablename)::regclass::text AS name FROM pg_tables
		WHERE schemaname NOT LIKE 'pg\_%' AND schemaname <> 'information_schema' ORDER BY 1`) {
		names = append(names, row["name"].(string))
	}
	return names
}

func (p *Conn) fail(query string, err error) {
	p.c.Helper()
	var pg *pgconn.PgError
	if errors.As(err, &pg) && strings.HasPrefix(pg.Code, "42") { // no such table, column, right
		p.c.NotYet(check.Finding{
			Say:  "The database of " + p.service + " is not as the step asks for.",
			Got:  pg.Message,
			Want: "an answer to " + query,
		})
	}
	p.c.Must(err, "Postgres did not answer the check's query.")
}
