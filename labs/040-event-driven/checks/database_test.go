//go:build lab

package checks

import (
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// hold keeps the tables of a service's database from being written, so that
// its work stops at a known place. They can still be read.
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
		h.lock.Rows("LOCK TABLE \"" + strings.Join(tables, "\", \"") + "\" IN SHARE MODE")
	}
	return h
}

// release lets the work go on.
func (h *hold) release() {
	h.s.Helper()
	if !h.free {
		h.lock.Rows("ROLLBACK")
		h.free = true
	}
}

// blocked waits until a statement of the service waits for the tables, or the
// work is done without them. A service that does neither is seen by others.
func (h *hold) blocked(done func() bool) {
	h.s.Helper()
	h.s.Within(chain/2, func() bool {
		return h.free || h.watch.Int("SELECT count(*) FROM pg_stat_activity WHERE "+waiting) > 0 || done()
	})
}

// waiting is true for a statement that waits for another transaction.
const waiting = "wait_event_type = 'Lock' AND datname = current_database()"

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
		h.watch.Rows("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE " + waiting)
	}
}

// cut lets a service store what follows from an event, and kills it before it
// can tell: Kafka is stopped by then. cause makes the event come.
func (s *shop) cut(service string, cause func(), stored func() bool) {
	s.Helper()
	kafka, killed := s.Fault("kafka"), s.Fault(service)
	held := s.hold(service, postgres.Open(s.C, service).Tables()...)
	cause()
	held.blocked(stored)
	s.Stays(moment, func() *check.Finding { return nil }) // what waits may have been the outbox alone
	kafka.Stop()
	held.release()
	s.Within(soon, stored)
	killed.Kill()
	kafka.Heal()
	killed.Heal()
}

// stillTold waits for the event that a service had stored the cause of when it
// was killed. What came later is waited for first: after that it comes soon,
// or never.
func (s *shop) stillTold(t topic, kind string, o order, service, at string) {
	s.Helper()
	s.quiet()
	s.eventually(soon, func() *check.Finding {
		if len(t.of(kind, o.ID)) > 0 {
			return nil
		}
		return &check.Finding{
			Say: "The change was stored, " + service + " was killed before it could tell, and its " + kind + " never comes.",
			Got: "no " + kind + " about order " + o.ID, Want: "one, once Kafka and " + service + " are back", At: at,
			Next: "Add the event to the outbox, in the transaction that makes the change.",
		}
	}, service)
}
