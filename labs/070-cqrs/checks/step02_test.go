//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/postgres"
)

// A page shows what was ordered, packed and cancelled: the newest orders first, all of them counted.
func TestStep02_ThePageFollowsTheCommands(t *testing.T) {
	t.Parallel()
	s := open(t)
	a, b := s.customer(), s.customer()
	for i := range 23 {
		o := a.places(cup, i+1)
		switch i % 5 {
		case 1:
			a.cancels(o.ID)
		case 3:
			a.packs(o.ID)
		}
	}
	b.places(chair, 2)
	a.shows("", "")
	b.shows("", "")
	s.customer().shows("The page of somebody who has ordered nothing is not empty.", "Answer with 0 orders and an empty list.")
	nobody := s.history.Get(s.customer().path()).Want(http.StatusOK)
	var got struct{ List json.RawMessage }
	if nobody.JSON(&got); len(got.List) == 0 || got.List[0] != '[' {
		s.NotYet(check.Finding{
			Say: "The page of somebody who has ordered nothing has no list.", Got: said(nobody), Want: `"list": []`, At: "history/view.go", Next: "Answer with 0 orders and an empty list.",
		})
	}
}

// The page is made of the events, and of nothing else.
func TestStep02_ThePageIsMadeOfEvents(t *testing.T) {
	t.Parallel()
	s := open(t)
	log := s.log()
	c := s.customer()
	messages := []kafka.Message{c.tells(1, lamp, 2), c.tells(2, chair, 1), c.tells(3, cup, 4)}
	messages = append(messages, c.change(4, c.lines[1].ID, "OrderCancelled", "Cancelled"), c.change(5, c.lines[0].ID, "OrderPacked", "Packing"))
	log.Produce(topic, messages...)
	c.shows("Events came of orders that no table has, and the page does not show them.", "Make the page of the events alone: they have all that it shows.")
	for i, l := range c.page().List {
		if want := c.lines[len(c.lines)-1-i].Placed; !l.Placed.Equal(want) {
			s.NotYet(check.Finding{
				Say: "A page shows another time than the one at which the order was placed.", Got: l.Placed, Want: want, At: "history/project.go", Next: "Take the time of the event's data, and not that of the projection.",
			})
		}
	}
}

// The page needs no table of the orders: it is there while all of them are locked.
func TestStep02_ThePageNeedsNoTableOfOrders(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(lamp, 3)
	c.shows("", "")
	conn := postgres.Open(s.C, "order")
	conn.Rows("BEGIN")
	conn.Rows("LOCK TABLE orders, products, customers IN ACCESS EXCLUSIVE MODE")
	request := s.send(s.history, http.MethodGet, c.path(), nil)
	if !s.Within(2*time.Second, request.over) {
		conn.Drop("ROLLBACK")
		s.NotYet(check.Finding{
			Say: "The tables of the orders are locked, and GET /history waits for them.", Got: "no answer within 2 s", Want: "the page", At: "history/http.go",
			Next: "Answer GET /history from the tables of the view.",
		})
	}
	conn.Drop("ROLLBACK")
	if !ok(request.answer) {
		s.NotYet(check.Finding{
			Say: "The tables of the orders are locked, and GET /history fails.", Got: said(request.answer), Want: http.StatusOK, At: "history/http.go", Next: "Answer GET /history from the tables of the view.",
		})
	}
}

// An event that comes again changes nothing.
func TestStep02_TheSameEventTwice(t *testing.T) {
	t.Parallel()
	s := open(t)
	log := s.log()
	c := s.customer()
	first, second := c.places(lamp, 2), c.places(chair, 1)
	c.packs(first.ID) // when it comes again the version must not go back to it
	c.cancels(second.ID)
	c.shows("", "")
	messages := log.brings(c, 4)
	for _, m := range append(messages, messages...) {
		log.ProduceTo(topic, m.Partition, m)
	}
	after := c.tells(5, cup, 1) // when it is there, those before it were handled
	log.ProduceTo(topic, messages[0].Partition, after)
	c.shows("Events came again, with the versions that they had, and the page is not right afterwards.", "Change nothing for an event whose version is not above that of the page. An error would hold up all events after it.")
}

// What cannot be read, or is not known, holds nothing up.
func TestStep02_WhatCannotBeReadHoldsNothingUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	log := s.log()
	c := s.customer()
	c.places(lamp, 1)
	partition := log.brings(c, 1)[0].Partition
	log.ProduceTo(topic, partition, kafka.Message{Key: c.name, Value: "{no"}, kafka.Message{Key: c.name, Value: `{"id": "x", "type": "OrderPlaced"}`},
		kafka.Message{Key: c.name, Value: `{"id": "y", "type": "OrderPlaced", "data": {"customer": 5}}`}, kafka.Message{Value: "[]"},
		kafka.Message{Key: c.name, Value: fmt.Sprintf(`{"id": "z", "type": "OrderPlaced", "data": {"customer": %q, "version": 4, "order": %q, "quantity": "many", "total": 850}}`, c.name, fresh("order"))},
		s.message(c.name, "ParcelLost", facts{Customer: c.name, Version: 2, Order: c.lines[0].ID}), s.message(c.name, "OrderCancelled", facts{Customer: c.name, Version: 3, Order: fresh("order")}))
	log.ProduceTo(topic, partition, c.tells(4, chair, 1))
	c.shows("Messages came that are no events, or tell of what is not known, and the events after them are not on the page.", "Log what cannot be read, and go on: an error would hold up all events after it.")
}

// What a page sums up is stored as the page shows it, and not added up for each reader.
func TestStep02_TheSumsAreStored(t *testing.T) {
	t.Parallel()
	s := open(t)
	log := s.log()
	c := s.customer()
	var messages []kafka.Message
	for i := range newest + 2 {
		messages = append(messages, c.tells(int64(i+1), cup, 1))
	}
	log.Produce(topic, messages...)
	c.shows("", "")
	conn := s.view()
	first, last := c.lines[0].ID, c.lines[len(c.lines)-1].ID
	for _, table := range s.viewTables(conn) { // the row of the oldest order alone, which the list does not show
		_, _ = conn.Try("DELETE FROM "+table+" AS held WHERE strpos(held::text, $1) > 0 AND strpos(held::text, $2) = 0", first, last)
	}
	if finding := c.differs(c.page()); finding != nil {
		finding.Say, finding.At = "The row of an old order was taken out of the view, and the page's sums changed: they are added up for each reader.", "history/schema.sql"
		finding.Next = "Store with each customer how many orders there are and what was spent, and change that with each event."
		s.NotYet(*finding)
	}
}

// A page that cannot be read is an error, and not an empty page.
func TestStep02_AnErrorIsNoEmptyPage(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(lamp, 1)
	c.shows("", "")
	role := "query"
	if len(postgres.Open(s.C, "view").Tables()) > 0 {
		role = "page" // since step 3
	}
	held := s.lock("ACCESS EXCLUSIVE")
	held.watch = postgres.Open(s.C, role) // who may end its own statements
	request := s.send(s.history, http.MethodGet, c.path(), nil)
	held.blocked(request.over)
	held.breakOff(fail)
	<-request.done
	var p page
	if ok(request.answer) && (json.Unmarshal(request.answer.Body, &p) != nil || c.differs(p) != nil) {
		s.NotYet(check.Finding{
			Say: "The query of a page failed, and the page is empty, as if nothing was ordered.", Got: said(request.answer), Want: http.StatusInternalServerError, At: "history/view.go", Next: "Return the error of the query: only where there is no row the page is empty.",
		})
	}
}

// history creates the tables of the view when it starts, and fills them from the log.
func TestStep02_HistoryCreatesItsTables(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(lamp, 1)
	c.shows("", "")
	stopped := s.Fault("history")
	stopped.Kill()
	conn := s.view()
	conn.Rows("DROP TABLE " + strings.Join(s.viewTables(conn), ", ") + " CASCADE") // the log has all that was in them
	stopped.Heal()
	s.AwaitServices(caught, func() *check.Finding {
		var p page
		answer := s.try(s.history, http.MethodGet, c.path(), nil)
		if ok(answer) && json.Unmarshal(answer.Body, &p) == nil && c.differs(p) == nil {
			return nil
		}
		return &check.Finding{
			Say: "The tables of the view were dropped while history was stopped, and the page is not back after its start.", Got: said(answer), Want: c.lines[0].String(), At: "history/main.go",
			Next: "Create the tables with env.Create at each start, and run the projection when they are there.",
		}
	}, "history")
}

// What an event changes is committed with the position: both, or neither.
func TestStep02_TheChangeComesWithThePosition(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(lamp, 1)
	c.shows("", "")
	conn := s.view()
	positions := s.positions(conn)
	if positions == "" {
		return // it is in a table of the learner's own
	}
	s.Cleanup(func() {
		conn.Drop("DROP TRIGGER IF EXISTS check_waits ON " + positions)
		conn.Drop("DROP FUNCTION IF EXISTS check_waits()")
	})
	// Where a position was written, the commit waits for the check.
	held := &hold{s: s, lock: s.view(), watch: conn}
	held.lock.Rows("BEGIN")
	held.lock.Rows("SELECT 1 FROM pg_advisory_xact_lock(707070)")
	conn.Rows("CREATE OR REPLACE FUNCTION check_waits() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(707070); RETURN NULL; END'")
	conn.Rows("CREATE CONSTRAINT TRIGGER check_waits AFTER INSERT OR UPDATE ON " + positions + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_waits()")
	c.places(chair, 2)
	there := func() bool { return c.differs(c.page()) == nil }
	held.blocked(there)
	if there() {
		s.NotYet(check.Finding{
			Say: "The commit of a position waits, and the page shows the event already: its change is committed apart.", Got: "the change without the position", Want: "both at once, or neither", At: "history/project.go",
			Next: "Do all that an event changes, and the move of the position, in one transaction, and return its error.",
		})
	}
	held.release()
	c.shows("", "")
}

// Where somebody has moved the position, the projection goes on where it is now.
func TestStep02_ThePositionWasMoved(t *testing.T) {
	s := open(t)
	log := s.log()
	c := s.customer()
	c.places(lamp, 1)
	c.shows("", "")
	conn := s.view()
	positions := s.positions(conn)
	if positions == "" {
		return // it is in a table of the learner's own
	}
	partition := log.brings(c, 1)[0].Partition
	conn.Rows("UPDATE "+positions+" SET next = 0 WHERE partition = $1", partition)
	c.places(chair, 2)
	end := int(log.brings(c, 2)[1].Offset) + 1
	const next = "Return the error of position.Advance: the follower asks again where to go on, and each event comes again."
	s.AwaitServices(caught, func() *check.Finding {
		finding := c.differs(c.page())
		if finding != nil {
			finding.Say, finding.Next = "A position was set back to the first event, and an order that was placed then does not come to the page.", next
			return finding
		}
		if got := conn.Int("SELECT next FROM "+positions+" WHERE partition = $1", partition); got < end {
			return &check.Finding{
				Say: "A position was set back to the first event, and the projection does not go through its events again.", Got: fmt.Sprintf("%d of %d events", got, end), Want: "all events", At: "history/project.go", Next: next,
			}
		}
		return nil
	}, services...)
}

// Wherever the projection is broken off, each event counts once.
func TestStep02_BrokenOffItCountsOnce(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(lamp, 1)
	c.shows("", "")
	const next = "Do all that an event changes, and the move of the position, in one transaction, and return its error."
	for i, table := range s.viewTables(s.view()) {
		for _, how := range []string{crash, fail} {
			held := s.hold(table)
			c.places(cup, i+1)
			if i%2 == 0 {
				c.cancels(c.lines[len(c.lines)-1].ID)
			}
			held.blocked(func() bool { return c.differs(c.page()) == nil })
			held.breakOff(how)
			say := fmt.Sprintf("The projection lost its connection while it wrote the table %s, and the page is not right afterwards.", table)
			if how == fail {
				say = fmt.Sprintf("A statement of the projection failed while it wrote the table %s, and the page is not right afterwards.", table)
			}
			c.shows(say, next)
		}
	}
	killed := s.Fault("history")
	held := s.hold()
	c.places(chair, 1)
	held.blocked(func() bool { return false })
	killed.Kill()
	held.release()
	c.places(lamp, 5)
	killed.Heal()
	c.shows("history was killed in the middle of its work, and the page is not right afterwards.", "Do all that an event changes, and the move of the position, in one transaction.")
}
