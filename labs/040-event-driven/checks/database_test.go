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
	free        bool
}

// hold begins to hold the tables; it ends with the check at the latest.
func (s *shop) hold(service string, tables ...string) *hold {
	s.Helper()
	h := &hold{s: s, lock: postgres.Open(s.C, service), watch: postgres.Open(s.C, service), free: len(tables) == 0}
	if !h.free {
		h.lock.Rows("BEGIN")
		h.lock.Rows("LOCK TABLE " + quoted(tables...) + " IN SHARE MODE")
	}
	return h
}

// holdRows holds the rows that name something. Who wants to change one of them
// waits in a queue.
func (s *shop) holdRows(service, name string) *hold {
	s.Helper()
	h := &hold{s: s, lock: postgres.Open(s.C, service), watch: postgres.Open(s.C, service)}
	h.lock.Rows("BEGIN")
	for _, table := range h.watch.Tables() {
		h.lock.Rows("SELECT 1 FROM "+quoted(table)+" AS held WHERE held::text LIKE $1 FOR UPDATE", "%"+name+"%")
	}
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

// blocked waits until a statement of the service waits for what is held, or
// the work is done without it. A service that does neither is seen by others.
func (h *hold) blocked(done func() bool) {
	h.s.Helper()
	h.s.Within(chain/2, func() bool { return h.free || h.waiting() > 0 || done() })
	if !h.free {
		time.Sleep(moment) // what waits may have been the outbox alone
	}
}

// breakOff cancels the statement that waits for the tables, and releases them.
// To the service this is a database that fails between two statements.
func (h *hold) breakOff(done func() bool) {
	h.s.Helper()
	h.blocked(done)
	h.cancel()
	h.release()
}

// cancel ends whatever statements wait for the tables just now with an error.
func (h *hold) cancel() {
	h.s.Helper()
	if !h.free {
		h.watch.Rows("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE " + waits)
	}
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

// tables are those of a service's database that are held together, one set
// after another: first all but the main one, so that what has to be written
// with it cannot be; then each by itself.
func (s *shop) tables(service, main string) (sets [][]string, others []string) {
	s.Helper()
	for _, table := range postgres.Open(s.C, service).Tables() {
		if table != main {
			others = append(others, table)
		}
	}
	if len(others) > 0 {
		sets = append(sets, others)
	}
	if len(others) > 1 {
		for _, table := range others {
			sets = append(sets, []string{table})
		}
	}
	return append(sets, []string{main}), others
}

// cut lets a service store what follows from an event, and kills it before it
// can tell: Kafka is stopped by then. cause makes the event come.
func (s *shop) cut(service string, cause func(), stored func() bool) {
	s.Helper()
	kafka, killed := s.Fault("kafka"), s.Fault(service)
	held := s.hold(service, postgres.Open(s.C, service).Tables()...)
	cause()
	held.blocked(stored)
	kafka.Stop()
	held.release()
	s.Within(soon, stored)
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
