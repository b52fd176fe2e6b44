//go:build lab

package checks

import (
	"fmt"
	"strings"
	"time"

	"cnalab/labs/check/postgres"
)

// triggers has each row that is written to a table of the database go through the body,
// whichever tables there are.
func triggers(conn *postgres.Conn, name, create, body string) {
	conn.Rows(fmt.Sprintf("CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s END $$", name, body))
	for _, table := range conn.Tables() {
		conn.Rows(fmt.Sprintf(create, name, table) + fmt.Sprintf(" FOR EACH ROW EXECUTE FUNCTION %s()", name))
	}
}

// delay keeps product's changes of a sku from being committed.
type delay struct {
	s    *shop
	conn *postgres.Conn
	free bool
}

// delays has each commit that changes something of the sku wait. It is done by triggers
// that run at the commit: where nobody holds their lock they do nothing, and they go with
// the check.
func (s *shop) delays(sku string) *delay {
	s.Helper()
	d := &delay{s: s, conn: postgres.Open(s.C, "product")}
	name, key := "check_"+fresh("late")[5:], time.Now().UnixNano()
	s.Cleanup(func() { d.release(); d.conn.Drop("DROP FUNCTION IF EXISTS " + name + "() CASCADE") })
	triggers(d.conn, name, "CREATE CONSTRAINT TRIGGER %s AFTER INSERT OR UPDATE ON %s DEFERRABLE INITIALLY DEFERRED",
		fmt.Sprintf("IF NEW::text LIKE '%%%s%%' THEN PERFORM pg_advisory_xact_lock_shared(%d); END IF; RETURN NULL;", sku, key))
	d.conn.Rows("SELECT pg_advisory_lock($1)", key)
	return d
}

func (d *delay) waiting() int {
	d.s.Helper()
	return d.conn.Int("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
}

func (d *delay) release() {
	if !d.free {
		d.free = true
		d.conn.Drop("SELECT pg_advisory_unlock_all()")
	}
}

// refusal keeps rows out of a database.
type refusal struct {
	s    *shop
	conn *postgres.Conn
	name string
}

// refuses has the database of a service refuse each row that has the text in it, from all
// applications or from one. A transaction that is refused leaves no row behind, but it
// counts: the numbers of a sequence do not go back.
func (s *shop) refuses(service, text, application string) *refusal {
	s.Helper()
	r := &refusal{s: s, conn: postgres.Open(s.C, service), name: "check_" + fresh("none")[5:]}
	s.Cleanup(r.end)
	condition := "NEW::text LIKE '%" + strings.ReplaceAll(text, "'", "''") + "%'"
	if application != "" {
		condition += " AND current_setting('application_name') = '" + application + "'"
	}
	r.conn.Rows("CREATE SEQUENCE " + r.name + "_times")
	triggers(r.conn, r.name, "CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s",
		"IF "+condition+" THEN PERFORM nextval('"+r.name+"_times'); RAISE EXCEPTION 'the check has this row refused'; END IF; RETURN NEW;")
	return r
}

// times is how often a row was refused.
func (r *refusal) times() int {
	r.s.Helper()
	return r.conn.Int("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM " + r.name + "_times")
}

func (r *refusal) end() {
	r.conn.Drop("DROP FUNCTION IF EXISTS " + r.name + "() CASCADE")
	r.conn.Drop("DROP SEQUENCE IF EXISTS " + r.name + "_times")
}
