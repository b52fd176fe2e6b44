//go:build lab

package checks

import (
	"fmt"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// hold keeps something in a service's database from being written, so that the
// service's work stops at a known place. It can still be read.
type hold struct {
	s           *shop
	lock, watch *postgres.Conn
	idle        int // how many statements wait though nothing is asked of the service, such as a relay's
	free        bool
}

// hold begins to hold the tables; it ends with the check at the latest.
func (s *shop) hold(service string, tables ...string) *hold {
	s.Helper()
	h := &hold{s: s, lock: postgres.Open(s.C, service), watch: postgres.Open(s.C, service), free: len(tables) == 0}
	if h.free {
		return h
	}
	h.lock.Rows("BEGIN")
	h.lock.Rows("LOCK TABLE " + strings.Join(tables, ", ") + " IN SHARE MODE")
	for range 10 { // so many looks at least: longer on a busy machine
		s.Within(moment/10, func() bool { h.idle = max(h.idle, h.waiting()); return false })
	}
	return h
}

// keep keeps a service from all its work until it is released.
func (s *shop) keep(service string) (release func()) {
	s.Helper()
	lock := postgres.Open(s.C, service)
	lock.Rows("BEGIN")
	lock.Rows("LOCK TABLE " + strings.Join(lock.Tables(), ", ") + " IN SHARE MODE")
	return func() { lock.Rows("ROLLBACK") }
}

// holdRows holds the rows of a table that name something. Who wants to change
// one of them waits in a queue, and gets it in that order. Rows of other tables
// are free: else their queues would be let go at the same time, in no order.
func (s *shop) holdRows(service, table, name string) *hold {
	s.Helper()
	h := &hold{s: s, lock: postgres.Open(s.C, service), watch: postgres.Open(s.C, service)}
	h.lock.Rows("BEGIN")
	h.lock.Rows("SELECT 1 FROM "+table+" AS held WHERE held::text LIKE $1 FOR UPDATE", "%"+name+"%")
	return h
}

// columns are those of a table that can be written, as a statement names them;
// with only, those for which that is true.
func columns(conn *postgres.Conn, table, only string) (names []string) {
	for _, column := range conn.Rows(`
		SELECT quote_ident(attname) AS name FROM pg_attribute
		WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND `+only+" ORDER BY attnum", table) {
		names = append(names, column["name"].(string))
	}
	return names
}

// adds begins to add to the stock of a sku, as another instance of product may.
// Who wants to change it meanwhile waits for the commit.
func (s *shop) adds(sku string, quantity int) *hold {
	s.Helper()
	h := &hold{s: s, lock: postgres.Open(s.C, "product"), watch: postgres.Open(s.C, "product")}
	h.lock.Rows("BEGIN")
	h.lock.Rows("UPDATE stock SET quantity = quantity + $2 WHERE sku = $1", sku, quantity)
	return h
}

func (h *hold) commit() {
	h.s.Helper()
	h.lock.Rows("COMMIT")
	h.free = true
}

// release lets the work go on.
func (h *hold) release() {
	h.s.Helper()
	if !h.free {
		h.lock.Rows("ROLLBACK")
		h.free = true
	}
}

// waiting is how many statements wait for another transaction.
func (h *hold) waiting() int {
	h.s.Helper()
	return h.watch.Int("SELECT count(*) FROM pg_stat_activity WHERE " + waits)
}

const waits = "wait_event_type = 'Lock' AND datname = current_database()"

// blocked waits until a statement of what was asked of the service waits for
// what is held, or the work is done without it, and reports whether it came to
// that. A service that does neither is seen by others.
func (h *hold) blocked(done func() bool) bool {
	h.s.Helper()
	return h.s.Within(orRecovery(chain), func() bool { return h.free || h.waiting() > h.idle || done() })
}

// breakOff breaks off what waits, and releases what is held. To the service
// this is a database that fails between two statements: where what waits is
// not in the transaction that has written before, that one ends; else the
// statement that waits does.
func (h *hold) breakOff() {
	h.s.Helper()
	if h.watch.Int("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "+written) == 0 {
		h.cancel()
	}
	h.s.Within(soon, func() bool { return h.watch.Int("SELECT count(*) FROM pg_stat_activity WHERE "+written) == 0 })
	h.release()
}

// written is true for a transaction that has written, and has nothing to do now.
const written = "state = 'idle in transaction' AND backend_xid IS NOT NULL AND datname = current_database()"

// cancel ends whatever statements wait for the tables just now with an error,
// and returns how many.
func (h *hold) cancel() int {
	h.s.Helper()
	if h.free {
		return 0
	}
	return h.watch.Int("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE " + waits)
}

// refuse ends whatever waits for what is held with an error, until each has had
// so many, and releases it: a database that is away for a while. Who tries no
// more is seen by others.
func (s *shop) refuse(times int, holds ...*hold) {
	s.Helper()
	last, seen := time.Now(), make([]map[string]bool, len(holds))
	for i := range seen {
		seen[i] = map[string]bool{}
	}
	s.Within(recovery, func() bool {
		left := 0
		for i, h := range holds {
			for _, found := range h.watch.Rows("SELECT pg_cancel_backend(pid), pid::text || query_start::text AS try FROM pg_stat_activity WHERE " + waits) {
				if try := found["try"].(string); !seen[i][try] {
					last, seen[i][try] = time.Now(), true
				}
			}
			left += max(0, times-len(seen[i]))
		}
		return left == 0 || time.Since(last) > soon
	})
	for _, h := range holds {
		h.release()
	}
}

// contents is all that is in a service's database, to see whether it changes.
func (s *shop) contents(service string) string {
	s.Helper()
	conn := postgres.Open(s.C, service)
	var all strings.Builder
	for _, table := range conn.Tables() {
		fmt.Fprintln(&all, table, conn.Rows("SELECT row::text AS row FROM "+table+" AS row ORDER BY 1"))
	}
	return all.String()
}

// tables are those of a service's database: the main one, by its name, and the
// others. What belongs together is seen where each of them is held by itself.
func (s *shop) tables(service, main string) (each, others []string) {
	s.Helper()
	each = postgres.Open(s.C, service).Tables()
	for _, table := range each {
		if table != main {
			others = append(others, table)
		}
	}
	return each, others
}

// cut lets a service store what follows from an event, and kills it before it
// can tell: Kafka is stopped by then. cause makes the event come.
func (s *shop) cut(service string, cause func(), stored func() bool) {
	s.Helper()
	kafka, killed := s.kafka(), s.Fault(service)
	held := s.hold(service, postgres.Open(s.C, service).Tables()...)
	cause()
	held.blocked(stored)
	kafka.Stop()
	held.release()
	s.Within(chain, stored)
	killed.Kill()
	kafka.Heal()
	killed.Heal()
}

// stillTold waits for the event that a service had stored the cause of when it
// was killed. Nothing else happens meanwhile that could carry it along.
func (s *shop) stillTold(t topic, kind string, o order, service, at string) {
	s.Helper()
	s.eventually(chain, func() *check.Finding {
		if len(t.of(kind, o.ID)) > 0 {
			return nil
		}
		return &check.Finding{
			Say: fmt.Sprintf("%s was killed right after it had stored a change, and its %s never comes.", service, kind),
			Got: fmt.Sprintf("no %s about order %s", kind, o.ID), Want: fmt.Sprintf("one, once Kafka and %s are back", service), At: at,
			Next: "Add the event to the outbox, in the transaction that makes the change.",
		}
	}, service)
}
