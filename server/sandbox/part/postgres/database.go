package postgres

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"cnalab/fixtures/images"
	"cnalab/labs/environ"
)

// Superuser is the role that may do everything on a server.
const Superuser = "postgres"

// Role owns the database of its name; a guest owns nothing.
type Role struct {
	Name, Password string
	Guest          string // the database that it may connect to, which is another's
}

// database is where it is at home.
func (r Role) database() string { return cmp.Or(r.Guest, r.Name) }

// Server is a Postgres server as its superuser sees it.
type Server struct {
	Address  string // HOST:PORT
	Password string // the superuser's
	FileCopy bool   // a new database may be a copy of files: Postgres 15 and newer
}

// Ping returns nil when the server answers.
func (s *Server) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	db, err := s.connect(ctx)
	if err != nil {
		return err
	}
	return db.Close(ctx)
}

// stock names the databases that nobody has yet.
func stock(ctx context.Context, db *pgx.Conn) ([]string, error) {
	rows, err := db.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY 1", images.Stock)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Create makes the roles, and a database for each, and refuses every role the
// others' databases. Where logged, the server's log has what the roles ask of it,
// and not what its superuser does, who sets passwords.
func (s *Server) Create(ctx context.Context, roles []Role, logged bool) error {
	db, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer db.Close(context.WithoutCancel(ctx))
	stocked, err := stock(ctx, db)
	if err != nil {
		return fmt.Errorf("create databases: %w", err)
	}
	statements := []string{"REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC"}
	owned := 0
	for _, r := range roles { // guests come last
		id := pgx.Identifier{r.Name}.Sanitize()
		if r.Guest != "" {
			statements = append(statements, admit(id, r.Password, r.Guest)...)
		} else {
			database := s.make(r.Name)
			if owned < len(stocked) {
				database = "ALTER DATABASE " + stocked[owned] + " RENAME TO " + id
			}
			owned++
			statements = append(statements, database)
			statements = append(statements, give(id, r.Password)...)
		}
		if logged {
			statements = append(statements, "ALTER ROLE "+id+" SET log_statement = 'all'")
		}
	}
	for _, left := range stocked[min(owned, len(stocked)):] {
		statements = append(statements, "DROP DATABASE "+left)
	}
	for _, statement := range statements {
		if _, err := db.Exec(ctx, statement); err != nil {
			return fmt.Errorf("create databases: %w", err)
		}
	}
	return nil
}

// give is how a role comes by its database.
func give(id, password string) []string {
	return []string{
		"CREATE ROLE " + id + " LOGIN PASSWORD '" + password + "'",
		"ALTER DATABASE " + id + " OWNER TO " + id,
		"REVOKE ALL ON DATABASE " + id + " FROM PUBLIC",
	}
}

// admit is how a role comes into a database of another's.
func admit(id, password, database string) []string {
	return []string{
		"CREATE ROLE " + id + " LOGIN PASSWORD '" + password + "'",
		"GRANT CONNECT ON DATABASE " + pgx.Identifier{database}.Sanitize() + " TO " + id,
	}
}

// make is the statement that makes a database. Copying the files of an empty
// one is quicker than writing it to the log.
func (s *Server) make(name string) string {
	statement := "CREATE DATABASE " + pgx.Identifier{name}.Sanitize()
	if s.FileCopy {
		statement += " STRATEGY file_copy"
	}
	return statement
}

// connect goes by the address alone: pgx would take from the environment what
// is not in it.
func (s *Server) connect(ctx context.Context) (*pgx.Conn, error) {
	environ.Unset(environ.Postgres)
	db, err := pgx.Connect(ctx, location(Superuser, s.Password, s.Address, Superuser))
	if err != nil {
		return nil, fmt.Errorf("connect to Postgres: %w", err)
	}
	return db, nil
}

// location is the URL at which a role reaches a database.
func location(role, password, address, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(role, password), Host: address,
		Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}
