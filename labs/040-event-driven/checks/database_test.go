//go:build lab

package checks

import (
	"fmt"
	"strings"

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
	h.lock.Rows("LOCK TABLE " + quoted(tables...) + " IN SHARE MODE")
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
	lock.Rows("LOCK TABLE " + quoted(lock.Tables()...) + " IN SHARE MODE")
	return func() { lock.Rows("ROLLBACK") }
}

// holdRows holds the rows of a table that name something. Who wants to change
// one of them waits in a queue, and gets it in that order. Rows of other tables
// are free: else their queues would be let go at the same time, in no order.
func (s *shop) holdRows(service, table, name string) *hold {
	s.Helper()
	h := &hold{s: s, lock: postgres.Open(s.C, service), watch: postgres.Open(s.C, service)}
	h.lock.Rows("BEGIN")
	h.lock.Rows("SELECT 1 FROM "+quoted(table)+" AS held WHERE held::text LIKE $1 FOR UPDATE", "%"+name+"%")
	return h
}

func quoted(tables ...string) string { return `"` + strings.Join(tables, `", "`) + `"` }

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

// contents is all that is in a service's database, to see whether it changes.
func (s *shop) contents(service string) string {
	s.Helper()
	conn := postgres.Open(s.C, service)
	var all strings.Builder
	for _, table := range conn.Tables() {
		fmt.Fprintln(&all, table, conn.Rows("SELECT row::text AS row FROM "+quoted(table)+" AS row ORDER BY 1"))
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
