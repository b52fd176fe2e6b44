//go:build lab

package checks

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// writeTables are those of the write model, which the workspace begins with.
var writeTables = []string{"products", "customers", "orders", "outbox"}

// view is the database that holds the view, as the role that may write it: the database
// view, where it has tables, and else that of the orders.
func (s *shop) view() *postgres.Conn {
	s.Helper()
	if conn := postgres.Open(s.C, "view"); len(conn.Tables()) > 0 {
		return conn
	}
	return postgres.Open(s.C, "order")
}

// viewTables are those of the view.
func (s *shop) viewTables(conn *postgres.Conn) []string {
	s.Helper()
	return slices.DeleteFunc(conn.Tables(), func(name string) bool { return slices.Contains(writeTables, name) })
}

// positions is the table of the package position, or empty where there is none.
func (s *shop) positions(conn *postgres.Conn) string {
	s.Helper()
	for _, table := range s.viewTables(conn) {
		if table == "positions" || strings.HasSuffix(table, ".positions") {
			return table
		}
	}
	return ""
}

// hold keeps tables from being written, so that the projection stops there. They can
// still be read.
type hold struct {
	s           *shop
	lock, watch *postgres.Conn
	free        bool
}

// hold begins to hold the tables of the view, or those named; it ends with the check at
// the latest.
func (s *shop) hold(tables ...string) *hold { s.Helper(); return s.lock("SHARE", tables...) }

// lock is hold with a mode: with ACCESS EXCLUSIVE nobody can read them, either.
func (s *shop) lock(mode string, tables ...string) *hold {
	s.Helper()
	h := &hold{s: s, lock: s.view(), watch: s.view()}
	if len(tables) == 0 {
		tables = s.viewTables(h.lock)
	}
	if len(tables) == 0 {
		s.NotYet(check.Finding{
			Say: "There is no view: the database has no tables but those of the orders.", Got: strings.Join(h.lock.Tables(), ", "), Want: "tables of the view", At: "history/schema.sql",
			Next: "Create the tables of the view when history starts, and save.",
		})
	}
	h.lock.Rows("BEGIN")
	h.lock.Rows("LOCK TABLE " + strings.Join(tables, ", ") + " IN " + mode + " MODE")
	return h
}

const waits = "wait_event_type = 'Lock' AND datname = current_database() AND pid <> pg_backend_pid()"

// blocked waits until a statement waits for what is held, or done is true.
func (h *hold) blocked(done func() bool) bool {
	h.s.Helper()
	return h.s.Within(soon, func() bool {
		return h.watch.Int("SELECT count(*) FROM pg_stat_activity WHERE "+waits) > 0 || done()
	})
}

// What may happen to a statement that waits, by the function of Postgres that does it.
const (
	crash = "pg_terminate_backend" // its connection ends, as in a crash between two statements
	fail  = "pg_cancel_backend"    // it ends in an error, and the connection goes on
)

// breakOff lets what waits crash or fail, and releases what is held.
func (h *hold) breakOff(how string) {
	h.s.Helper()
	h.watch.Rows("SELECT " + how + "(pid) FROM pg_stat_activity WHERE " + waits)
	h.s.Within(time.Second, func() bool { return h.watch.Int("SELECT count(*) FROM pg_stat_activity WHERE "+waits) == 0 })
	h.release()
}

func (h *hold) release() {
	if !h.free {
		h.free = true
		h.lock.Drop("ROLLBACK")
	}
}

// tooMuch are the rights of the role $1 to more than to read, and to read the tables $2,
// with the statement that takes each of them back.
const tooMuch = `
	SELECT p.name || ' ON ' || c.oid::regclass AS may, format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I, PUBLIC', n.nspname, $1::text) AS back
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, (VALUES ('INSERT', true), ('UPDATE', true), ('DELETE', false), ('TRUNCATE', false),
		('REFERENCES', true), ('TRIGGER', false), ('SELECT', true), ('SELECT WITH GRANT OPTION', true)) AS p (name, columns)
	WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
	AND (p.name <> 'SELECT' OR c.relname = ANY ($2::text[]))
	AND (has_table_privilege($1::name, c.oid, p.name) OR CASE WHEN p.columns THEN has_any_column_privilege($1::name, c.oid, p.name) ELSE false END)
	UNION ALL SELECT 'CREATE ON SCHEMA ' || quote_ident(nspname), format('REVOKE CREATE ON SCHEMA %I FROM %I, PUBLIC', nspname, $1::text)
	FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema' AND has_schema_privilege($1::name, oid, 'CREATE')
	UNION ALL SELECT 'CREATE ON DATABASE ' || quote_ident(current_database()), format('REVOKE CREATE ON DATABASE %I FROM %I', current_database(), $1::text)
	WHERE has_database_privilege($1::name, current_database(), 'CREATE')
	UNION ALL SELECT a.privilege_type || ' ON tables that are created later', format('ALTER DEFAULT PRIVILEGES%s REVOKE ALL ON TABLES FROM %I', ' IN SCHEMA ' || quote_ident(n.nspname), $1::text)
	FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
	WHERE d.defaclobjtype = 'r' AND a.grantee = (SELECT oid FROM pg_roles WHERE rolname = $1::name)`

// readsOnly ends the check as not yet where the role may do more in the database of the
// owner than read, or may read what is closed to it.
func (s *shop) readsOnly(role, owner string, closed ...string) {
	s.Helper()
	conn := postgres.Open(s.C, owner)
	database := strings.ToUpper(owner)
	if found := conn.Rows(tooMuch, role, closed); len(found) > 0 {
		var may, back []string
		for _, row := range found {
			may, back = append(may, fmt.Sprint(row["may"])), append(back, fmt.Sprint(row["back"]))
		}
		slices.Sort(back)
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The role %s has more rights than the step asks for.", role), Got: fmt.Sprintf("%.300s", strings.Join(may, ", ")), Want: "SELECT on what its queries read",
			Next: fmt.Sprintf("Take them back, and save, so that the schema grants again what is needed: psql $DATABASE_%s -c '%s'", database, strings.Join(slices.Compact(back), "; ")),
		})
	}
	if conn.Int("SELECT count(*) FROM pg_roles WHERE rolname <> $1 AND NOT rolsuper AND rolname NOT LIKE 'pg\\_%' AND pg_has_role($1, oid, 'MEMBER')", role) > 0 {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The role %s is a member of a role that may change tables.", role), Got: "a member", Want: "a role of its own", Next: fmt.Sprintf("Take it out: REVOKE %s FROM %s.", owner, role),
		})
	}
	own := postgres.Open(s.C, role)
	for _, table := range conn.Tables() {
		_, err := own.Try("DELETE FROM " + table + " WHERE false")
		if pg, refused := errors.AsType[*pgconn.PgError](err); err == nil || !refused || pg.Code != "42501" {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The role %s may change tables.", role), Got: fmt.Sprintf("DELETE FROM %s is not refused: %v", table, err), Want: "permission denied",
				Next: fmt.Sprintf("Take the right back: psql $DATABASE_%s -c 'REVOKE ALL ON %s FROM %s, PUBLIC'", database, table, role),
			})
		}
	}
}

// clock is the time of the server that a role is on.
func clock(conn *postgres.Conn) time.Time {
	return conn.Rows("SELECT clock_timestamp() AS now")[0]["now"].(time.Time)
}

// asked are the last statements that history has sent since then, as the role of the
// connection: Postgres shows each role its own.
func asked(conn *postgres.Conn, since time.Time) []string {
	return statements(conn, "application_name = 'history'", since)
}

func statements(conn *postgres.Conn, of string, since time.Time) (all []string) {
	for _, row := range conn.Rows("SELECT query FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid() AND query_start > $1 AND "+of, since) {
		all = append(all, oneLine(fmt.Sprint(row["query"])))
	}
	return all
}

// asksAs has the queries asked, and waits until history sends no statement as the owner
// of the database meanwhile; one of the role that may only read has to be there at least.
func (s *shop) asksAs(owner, role, at string, ask func()) {
	s.Helper()
	asOwner, asRole := postgres.Open(s.C, owner), postgres.Open(s.C, role)
	s.AwaitServices(soon, func() *check.Finding {
		begin := clock(asOwner)
		ask()
		if wrong := asked(asOwner, begin); len(wrong) > 0 {
			return &check.Finding{
				Say: fmt.Sprintf("history answers a query as the role %s, which may change everything.", owner), Got: wrong[0],
				Want: "the role " + role, At: at, Next: fmt.Sprintf("Ask queries through the pool of DATABASE_%s.", strings.ToUpper(role)),
			}
		}
		if len(statements(asRole, "true", begin)) == 0 { // nobody else asks as this role, whatever name it gives
			return &check.Finding{
				Say: fmt.Sprintf("history answers queries, and sends no statement as the role %s.", role), Got: "none", Want: "the statements of the queries",
				At: at, Next: fmt.Sprintf("Ask queries through the pool of DATABASE_%s.", strings.ToUpper(role)),
			}
		}
		return nil
	}, "history")
}

func oneLine(sql string) string { return fmt.Sprintf("%.160s", strings.Join(strings.Fields(sql), " ")) }
