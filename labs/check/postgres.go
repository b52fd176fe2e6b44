package check

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"cnalab/labs"
)

const (
	connecting = 5 * time.Second
	querying   = 5 * time.Second
)

// Postgres asks the database of one service, as that service's role.
type Postgres struct {
	c       *C
	service string
	conn    *pgx.Conn
}

// Postgres connects to the database of the service. Where Postgres does not
// answer, the check ends as could not check.
func (c *C) Postgres(service string) *Postgres {
	c.Helper()
	url := os.Getenv(labs.EnvDatabase(service))
	if url == "" {
		c.CouldNotCheck(Finding{
			Say:  "There is no database of " + service + " to ask.",
			Next: "Open the lab's sandbox, then check again.",
		})
	}
	ctx, cancel := context.WithTimeout(c.Context, connecting)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	c.Must(err, "Postgres did not answer.")
	c.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	})
	return &Postgres{c: c, service: service, conn: conn}
}

// Rows returns the rows of a query, by column. A table or column that is not
// there makes the check a not yet: the step asks for it.
func (p *Postgres) Rows(query string, args ...any) []map[string]any {
	p.c.Helper()
	ctx, cancel := context.WithTimeout(p.c.Context, querying)
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

// Int returns the one number that a query answers with; no row is 0.
func (p *Postgres) Int(query string, args ...any) int {
	p.c.Helper()
	ctx, cancel := context.WithTimeout(p.c.Context, querying)
	defer cancel()
	var n int
	err := p.conn.QueryRow(ctx, query, args...).Scan(&n)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		p.fail(query, err)
	}
	return n
}

// Tables lists the tables of the service's database, by name.
func (p *Postgres) Tables() []string {
	p.c.Helper()
	var names []string
	for _, row := range p.Rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1") {
		names = append(names, row["tablename"].(string))
	}
	return names
}

func (p *Postgres) fail(query string, err error) {
	p.c.Helper()
	var pg *pgconn.PgError
	if errors.As(err, &pg) && strings.HasPrefix(pg.Code, "42") { // no such table, column, right
		p.c.NotYet(Finding{
			Say:  "The database of " + p.service + " is not as the step asks for.",
			Got:  pg.Message,
			Want: "an answer to " + query,
		})
	}
	p.c.Must(err, "Postgres did not answer the check's query.")
}
