//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/postgres"
)

// caught is how long a rebuild may take: the log of a sandbox that is in use is long.
const caught = 30 * time.Second

func (s *shop) rebuild() {
	s.Helper()
	s.history.Post("/rebuild", nil).Want(http.StatusOK, http.StatusAccepted, http.StatusNoContent)
}

// lag asks how many events the view lacks.
func (s *shop) lag() int {
	s.Helper()
	var answer struct {
		Lag *int `json:"lag"`
	}
	got := s.history.Get("/lag").Want(http.StatusOK)
	got.JSON(&answer)
	if answer.Lag == nil {
		s.NotYet(check.Finding{
			Say: "GET /lag does not say how many events the view lacks.", Got: said(got), Want: `{"lag": 0}`, At: "history/rebuild.go", Next: "Answer with the ends of the log less the positions, added up.",
		})
	}
	return *answer.Lag
}

// catchesUp waits until the lag is 0, as long as it becomes less.
func (s *shop) catchesUp() {
	s.Helper()
	last, changed := 0, time.Now()
	s.AwaitServices(caught, func() *check.Finding {
		lag := s.lag()
		if lag == 0 {
			return nil
		}
		finding := check.Finding{
			Say: "The view does not catch up with the log, or its lag is counted wrong.", Got: fmt.Sprintf("lag %d", lag), Want: "lag 0", At: "history/rebuild.go",
			Next: "After a rebuild, call Restart of the follower. Otherwise read the log of history: an error holds the projection up.",
		}
		if lag != last {
			last, changed = lag, time.Now()
		}
		if time.Since(changed) > soon {
			finding.Output = s.LogSince("history")
			s.NotYet(finding)
		}
		return &finding
	}, "history")
}

// bytes are the customer's page and its rows in the view, as they are.
func (c *customer) bytes() string {
	c.s.Helper()
	var all strings.Builder
	fmt.Fprintf(&all, "%s", c.s.history.Get(c.path()).Want(http.StatusOK).Body)
	conn := postgres.Open(c.s.C, "view")
	for _, table := range conn.Tables() {
		for _, row := range conn.Rows("SELECT held::text AS row FROM "+table+" AS held WHERE held::text LIKE $1 ORDER BY 1", "%"+c.name+"%") {
			fmt.Fprintf(&all, "%s: %s\n", table, row["row"])
		}
	}
	return all.String()
}

// A rebuilt view is what it was, byte for byte, and has what was commanded meanwhile.
func TestStep04_RebuiltByteForByte(t *testing.T) {
	s := open(t)
	a, b, busy := s.customer(), s.customer(), s.customer()
	for i := range 22 {
		a.places(cup, i+1)
	}
	a.cancels(a.lines[3].ID)
	a.packs(a.lines[4].ID)
	b.places(chair, 1)
	b.cancels(b.lines[0].ID)
	a.shows("", "")
	b.shows("", "")
	s.catchesUp()
	beforeA, beforeB := a.bytes(), b.bytes()
	rebuilt := s.send(s.history, http.MethodPost, "/rebuild", nil)
	for i := range 40 {
		busy.places(cup, i+1)
	}
	s.Within(caught, rebuilt.over)
	if !ok(rebuilt.answered()) {
		s.rebuild() // says what is wrong
	}
	s.catchesUp()
	for _, one := range []struct {
		c      *customer
		before string
	}{{a, beforeA}, {b, beforeB}} {
		if after := one.c.bytes(); after != one.before {
			s.NotYet(otherwise("The view was rebuilt", one.before, after))
		}
	}
	busy.shows("Orders were placed during a rebuild, and the page does not have each of them once.", "Empty the tables and the positions in one statement or one transaction, which no event comes in between.")
}

// otherwise is the finding that rows of the view are not what they were.
func otherwise(when, before, after string) check.Finding {
	want, got := firstDifference(before, after)
	if strings.Count(after, "\n") < strings.Count(before, "\n") {
		return check.Finding{
			Say: when + ", and rows that were there are missing.", Got: got, Want: want, At: "history/project.go",
			Next: "Let each event be applied again: keep in memory nothing of what was applied, and set the positions back with the tables.",
		}
	}
	return check.Finding{
		Say: when + ", and its rows are not byte for byte what they were.", Got: got, Want: want, At: "history/project.go",
		Next: "Take all from the events: no time of now, no number that counts on, no random id.",
	}
}

func firstDifference(a, b string) (string, string) {
	one, other := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(one), len(other)) {
		x, y := "nothing", "nothing"
		if i < len(one) {
			x = one[i]
		}
		if i < len(other) {
			y = other[i]
		}
		if x != y {
			return fmt.Sprintf("%.300s", x), fmt.Sprintf("%.300s", y)
		}
	}
	return a, b
}

// What the log does not say is gone after a rebuild, and what was lost is back.
func TestStep04_TheLogDecides(t *testing.T) {
	s := open(t)
	c, ghost := s.customer(), s.customer()
	c.places(lamp, 2)
	c.places(chair, 1)
	c.shows("", "")
	s.catchesUp()
	conn := postgres.Open(s.C, "view")
	for _, table := range conn.Tables() { // somebody has made a mistake by hand
		for _, column := range conn.Rows("SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND atttypid = 'text'::regtype", table) {
			name := column["name"].(string)
			_, _ = conn.Try("UPDATE "+table+" SET "+name+" = $2 WHERE "+name+" = $1", c.name, ghost.name)
		}
	}
	s.rebuild()
	s.catchesUp()
	c.shows("Rows of the view were changed by hand, and a rebuild does not bring the customer's page back.", "Empty all tables of the view, and set the positions back to the first event.")
	ghost.shows("Rows of the view were changed by hand, and after a rebuild there is still the page of a customer of whom no event tells.", "Empty all tables of the view: nothing of what was there stays.")
}

// The lag is the number of events that the view lacks.
func TestStep04_TheLagCountsWhatIsMissing(t *testing.T) {
	s := open(t)
	log := s.log()
	c := s.customer()
	c.places(cup, 1)
	c.shows("", "")
	s.catchesUp()
	held := s.hold()
	for i := range 5 {
		c.places(lamp, i+1)
	}
	c.cancels(c.lines[1].ID)
	log.brings(c, 7)
	s.AwaitServices(soon, func() *check.Finding {
		request := s.send(s.history, http.MethodGet, "/lag", nil)
		if !s.Within(2*time.Second, request.over) {
			return &check.Finding{
				Say: "The projection waits for something, and GET /lag does not answer.", Got: "no answer within 2 s", Want: `{"lag": 6}`, At: "history/rebuild.go", Next: "Read the positions, and write nothing.",
			}
		}
		if lag := s.lag(); lag != 6 {
			return &check.Finding{
				Say: "The log has 6 events that the view lacks, and GET /lag says another number.", Got: lag, Want: 6, At: "history/rebuild.go", Next: "Subtract the positions that are stored from the ends of the log, over all partitions.",
			}
		}
		return nil
	}, "history")
	held.release()
	s.catchesUp()
	if finding := c.differs(c.page()); finding != nil {
		finding.Say, finding.Next = "The lag is 0, and the page lacks something.", "Count an event as done when its change is committed, not before."
		s.NotYet(*finding)
	}
}

// What comes while the lag is found counts, too: the positions are read before the ends.
func TestStep04_WhatComesMeanwhileCounts(t *testing.T) {
	s := open(t)
	log := s.log()
	c := s.customer()
	c.places(cup, 1)
	c.shows("", "")
	s.catchesUp()
	conn := s.view()
	positions := s.positions(conn)
	others := slices.DeleteFunc(s.viewTables(conn), func(table string) bool { return table == positions })
	if positions == "" || len(others) == 0 {
		return // the positions are elsewhere, where nobody can hold them
	}
	closed := s.lock("ACCESS EXCLUSIVE", positions)
	held := s.hold(others...) // nothing is applied until the end
	request := s.send(s.history, http.MethodGet, "/lag", nil)
	closed.blocked(request.over)
	const events = 5
	for i := range events {
		log.Produce(topic, c.tells(int64(i+2), cup, 1))
	}
	closed.release()
	<-request.done
	var answer struct{ Lag int }
	if !ok(request.answer) || json.Unmarshal(request.answer.Body, &answer) != nil || answer.Lag != events {
		s.NotYet(check.Finding{
			Say: "5 events came while GET /lag waited for the positions, and it does not count them.", Got: said(request.answer), Want: `{"lag": 5}`, At: "history/rebuild.go", Next: "Read the positions first, and then the ends of the log.",
		})
	}
	held.release()
	s.catchesUp()
}

// many is how many events the log has at least when the lag is watched.
const many = 1000

// While the view catches up the lag is above 0, and it is 0 when all is there.
func TestStep04_TheLagIsShownMeanwhile(t *testing.T) {
	s := open(t)
	log := s.log()
	c := s.customer()
	var messages []kafka.Message
	for i := range max(2*newest, many-int(log.Lag(fresh("group"), topic))) { // what is there need not come again
		messages = append(messages, c.tells(int64(i+1), cup, 1))
	}
	log.Produce(topic, messages...)
	s.AwaitServices(caught, func() *check.Finding { return c.differs(c.page()) }, services...)
	s.catchesUp()
	s.history.Get("/lag").Want(http.StatusOK)
	rebuilt := s.send(s.history, http.MethodPost, "/rebuild", nil)
	dropped, highest := false, 0
	s.AwaitServices(caught, func() *check.Finding {
		before := s.lag()
		missing := c.differs(c.page())
		after := s.lag()
		dropped, highest = dropped || missing != nil, max(highest, before, after)
		if missing != nil && before == 0 && after == 0 {
			s.NotYet(check.Finding{
				Say: "The view is not whole, and GET /lag says that nothing is missing.", Got: "lag 0, and " + fmt.Sprint(missing.Got), Want: missing.Want, At: "history/rebuild.go",
				Next: "Empty the positions together with the tables, and keep in memory nothing of what was applied: then the ends less the positions are what the view lacks.",
			})
		}
		if missing == nil && rebuilt.over() && (dropped || after == 0) {
			return nil
		}
		return &check.Finding{
			Say: "The view is not whole again after a rebuild.", Got: fmt.Sprintf("lag %d", after), Want: "lag 0, and the page", At: "history/rebuild.go", Next: "Read the log of history.",
		}
	}, "history")
	if !ok(rebuilt.answer) {
		s.rebuild() // says what is wrong
	}
	if dropped && highest == 0 {
		s.NotYet(check.Finding{
			Say: "The view was rebuilt from more than 1000 events, and GET /lag never showed that it was behind.", Got: "lag 0 each time", Want: "a lag that goes down to 0", At: "history/rebuild.go", Next: "Count what is in the log and not in the view yet.",
		})
	}
	s.catchesUp()
}

// A rebuild goes on after history was killed.
func TestStep04_KilledItGoesOn(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(lamp, 1)
	c.cancels(c.lines[0].ID)
	c.places(cup, 2)
	c.shows("", "")
	s.catchesUp()
	before := c.bytes()
	killed := s.Fault("history")
	s.try(s.history, http.MethodPost, "/rebuild", nil)
	killed.Kill()
	killed.Heal()
	s.catchesUp()
	if after := c.bytes(); after != before {
		s.NotYet(otherwise("history was killed during a rebuild", before, after))
	}
}
