//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
)

// The bound of a page that waits, as the step says it, with what a busy machine may add.
const (
	bound     = 2 * time.Second
	tolerance = 1500 * time.Millisecond
	early     = 200 * time.Millisecond // one that looks a last time shortly before
	atOnce    = time.Second
)

func (c *customer) at(version int64) string { return fmt.Sprintf("%s&version=%d", c.path(), version) }

// A command answers with the version of its change.
func TestStep05_CommandsAnswerWithTheVersion(t *testing.T) {
	t.Parallel()
	s := open(t)
	log := s.log()
	c := s.customer()
	var versions []int64
	c.places(lamp, 1)
	versions = append(versions, c.last.Version)
	c.places(chair, 1)
	versions = append(versions, c.last.Version)
	c.packs(c.lines[0].ID)
	versions = append(versions, c.last.Version)
	c.cancels(c.lines[1].ID)
	versions = append(versions, c.last.Version)
	var told []int64
	for _, m := range log.brings(c, 4) {
		var e struct{ Data facts }
		if json.Unmarshal([]byte(m.Value), &e) == nil {
			told = append(told, e.Data.Version)
		}
	}
	if fmt.Sprint(versions) != fmt.Sprint(told) {
		s.NotYet(check.Finding{
			Say: "Commands do not answer with the versions that their events have.", Got: fmt.Sprint(versions), Want: fmt.Sprint(told), At: "order/http.go",
			Next: "Hand the version that count returns up to the handler, and add it to the answer.",
		})
	}
	s.versionsAtOnce(log)
}

// versionsAtOnce has many commands of one customer come at the same moment: each has to
// answer with its own version.
func (s *shop) versionsAtOnce(log *log) {
	s.Helper()
	const many = 3 * connections // those that wait for a connection come before what is asked after a commit
	c := s.customer()
	var ids []string
	versions := map[string]int64{} // by kind of the event, and order
	take := func(kind string, commands []*sent) {
		for _, command := range commands {
			<-command.done
			if !ok(command.answer) {
				s.NotYet(check.Finding{
					Say: "24 commands of one customer came at the same moment, and one of them was not carried out.", Got: said(command.answer), Want: "200 or 201", At: "order/orders.go", Next: "Read the log of order.", Output: s.LogSince("order"),
				})
			}
			var r receipt
			command.answer.JSON(&r)
			ids, versions[kind+r.ID] = append(ids, r.ID), r.Version
		}
	}
	var commands []*sent
	for range many {
		commands = append(commands, s.send(s.order, http.MethodPost, "/orders", map[string]any{"customer": c.name, "sku": cup.sku, "quantity": 1}))
	}
	take("OrderPlaced", commands)
	commands = nil
	for _, id := range ids {
		commands = append(commands, s.send(s.order, http.MethodPost, "/orders/"+id+"/pack", nil))
	}
	take("OrderPacked", commands)
	for _, m := range log.brings(c, 2*many) {
		var e struct {
			Type string
			Data facts
		}
		if json.Unmarshal([]byte(m.Value), &e) != nil {
			continue
		}
		if got := versions[e.Type+e.Data.Order]; got != e.Data.Version {
			s.NotYet(check.Finding{
				Say: "Commands of one customer come at the same moment, and they do not answer with the versions that their events have.", Got: fmt.Sprintf("version %d", got), Want: fmt.Sprintf("version %d", e.Data.Version), At: "order/orders.go",
				Next: "Hand the version that count returns up to the handler: after the commit another command may have counted on.",
			})
		}
	}
}

// A page is of one moment: its sums and its list are those of its version.
func TestStep05_ThePageIsOfOneMoment(t *testing.T) {
	t.Parallel()
	s := open(t)
	log := s.log()
	c := s.customer()
	var messages []kafka.Message
	for i := range 150 {
		messages = append(messages, c.tells(int64(i+1), cup, i+1))
	}
	all, found, stop := c.lines, make(chan *check.Finding, 1), make(chan struct{})
	var readers sync.WaitGroup
	for range 6 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				var p page
				answer := s.try(s.history, http.MethodGet, c.path(), nil)
				if !ok(answer) || json.Unmarshal(answer.Body, &p) != nil || p.Version < 1 || p.Version > int64(len(all)) {
					continue
				}
				then := customer{s: s, name: c.name, lines: all[:p.Version]}
				if finding := then.differs(p); finding != nil {
					finding.Say = fmt.Sprintf("Orders come one after the other, and a page of version %d does not have the sums and the list of that version.", p.Version)
					select {
					case found <- finding:
					default:
					}
					return
				}
			}
		})
	}
	begin := time.Now()
	for i, m := range messages {
		log.ProduceTo(topic, 0, m)
		c.lines = all[:i+1]
		if len(found) > 0 || i > 40 && time.Since(begin) > 2*time.Second {
			break
		}
	}
	if len(found) == 0 {
		c.shows("", "")
	}
	close(stop)
	readers.Wait()
	select {
	case finding := <-found:
		finding.At, finding.Next = "history/view.go", "Read all of the page in one statement, or in one transaction that is REPEATABLE READ."
		s.NotYet(*finding)
	default:
	}
}

// A page has the version of the last change that it shows.
func TestStep05_ThePageHasAVersion(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.customer()
	for i := range 3 {
		c.places(cup, i+1)
	}
	c.cancels(c.lines[0].ID)
	c.shows("", "")
	s.AwaitServices(soon, func() *check.Finding {
		if got := c.page().Version; got != 4 {
			return &check.Finding{Say: "A page does not say which version it is.", Got: got, Want: 4, At: "history/view.go", Next: "Store the version of the event with the page, and answer with it."}
		}
		return nil
	}, services...)
}

// Who asks for the version of their own change sees it, each time.
func TestStep05_ThePageWaitsForItsVersion(t *testing.T) {
	s := open(t)
	c := s.customer()
	var waited time.Duration
	for i := range 15 {
		c.places(cup, i+1)
		if i%4 == 3 {
			c.cancels(c.lines[i-1].ID)
		}
		asked := time.Now()
		s.hasIt(c, s.history.Get(c.at(c.last.Version)))
		waited += time.Since(asked)
	}
	if waited > 15*time.Second {
		s.NotYet(check.Finding{
			Say: "Pages that were asked for with a version wait longer than the view needs.", Got: fmt.Sprintf("%.1f s for 15 pages", waited.Seconds()), Want: "an answer as soon as the version is there", At: "history/http.go",
			Next: "Look again every few milliseconds.",
		})
	}
	held := s.hold()
	c.places(lamp, 1)
	request := s.send(s.history, http.MethodGet, c.at(c.last.Version), nil)
	if s.Within(400*time.Millisecond, request.over) {
		s.NotYet(check.Finding{
			Say: "A page is asked for with a version that it has not reached, and it does not wait.", Got: said(request.answer), Want: "an answer when the version is there", At: "history/http.go",
			Next: "Look again after a few milliseconds, until the version is there or 2 s are over.",
		})
	}
	held.release()
	s.Within(soon, request.over)
	s.hasIt(c, request.answered())
}

// hasIt compares a page that was waited for with what the customer has done.
func (s *shop) hasIt(c *customer, answer *check.Answer) {
	s.Helper()
	if !ok(answer) {
		s.NotYet(check.Finding{
			Say: "A page that was asked for with a version is not answered.", Got: said(answer), Want: http.StatusOK, At: "history/http.go", Next: "Read the log of history.", Output: s.LogSince("history"),
		})
	}
	var p page
	answer.JSON(&p)
	finding := c.differs(p)
	if finding == nil && (p.Stale || p.Version < c.last.Version) {
		finding = &check.Finding{Got: fmt.Sprintf("version %d, stale: %t", p.Version, p.Stale), Want: fmt.Sprintf("version %d, not stale", c.last.Version)}
	}
	if finding != nil {
		finding.Say = "A page was asked for with the version of a command, and it does not show what the command did."
		finding.At, finding.Next = "history/http.go", "Wait until the page has this version, and read the page in the same statement or transaction as its version."
		s.NotYet(*finding)
	}
}

// A page waits no longer than its bound, and says that it is stale.
func TestStep05_NoLongerThanItsBound(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(chair, 1)
	c.shows("", "")
	known := c.last.Version
	held := s.hold()
	old := *c
	c.places(lamp, 1)
	begin := time.Now()
	request := s.send(s.history, http.MethodGet, c.at(c.last.Version), nil)
	for _, path := range []string{c.path(), c.at(known)} {
		asked := time.Now()
		if answer := s.try(s.history, http.MethodGet, path, nil); !ok(answer) || time.Since(asked) > atOnce {
			s.NotYet(check.Finding{
				Say: "A page waits, although it is asked for without a version or with one that it has.", Got: fmt.Sprintf("%s after %.1f s", said(answer), time.Since(asked).Seconds()), Want: "the page at once", At: "history/http.go",
				Next: "Answer at once where the page's version is not below the one that is asked for.",
			})
		}
	}
	s.Within(bound+tolerance, request.over)
	took := time.Since(begin)
	if request.over() {
		took = request.ended.Sub(begin)
	}
	if !request.over() || took < bound-early {
		s.NotYet(check.Finding{
			Say: "A page that does not reach its version does not answer when its bound is over, or answers before.", Got: fmt.Sprintf("%s after %.1f s", said(request.answered()), took.Seconds()), Want: "an answer after 2 s", At: "history/http.go",
			Next: "Give the wait a deadline of 2 s, and answer with the page as it is then.",
		})
	}
	held.release()
	if !ok(request.answer) {
		s.NotYet(check.Finding{
			Say: "A page that does not reach its version within its bound fails.", Got: said(request.answer), Want: `200, with the page as it is and "stale": true`, At: "history/http.go", Next: "Answer with the page as it is: an old page is better than none.",
		})
	}
	var p page
	request.answer.JSON(&p)
	if finding := old.differs(p); finding != nil || !p.Stale || p.Version != known {
		s.NotYet(check.Finding{
			Say: "A page that does not reach its version within its bound is not the page as it is, marked as stale.", Got: said(request.answer), Want: fmt.Sprintf(`%d orders, version %d, "stale": true`, len(old.lines), known), At: "history/http.go",
			Next: `Answer with the page as it is, and with "stale": true.`,
		})
	}
	for _, version := range []string{"abc", "1.5", "-1"} {
		if answer := s.history.Get(c.path() + "&version=" + version); answer.Status != http.StatusBadRequest {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("A page is asked for with version=%s, and the answer is not 400.", version), Got: said(answer), Want: http.StatusBadRequest, At: "history/http.go", Next: "Answer 400 where the version is not a whole number, or is below zero.",
			})
		}
	}
}

// Pages that wait hold nobody else up.
func TestStep05_WaitingPagesHoldNobodyUp(t *testing.T) {
	s := open(t)
	c, other := s.customer(), s.customer()
	c.places(cup, 1)
	other.places(cup, 1)
	c.shows("", "")
	other.shows("", "")
	var waiting []*sent
	for range 40 {
		waiting = append(waiting, s.send(s.history, http.MethodGet, c.at(c.last.Version+1000), nil))
	}
	s.Within(150*time.Millisecond, waiting[0].over)
	for range 5 {
		asked := time.Now()
		if answer := s.try(s.history, http.MethodGet, other.path(), nil); !ok(answer) || time.Since(asked) > atOnce {
			s.NotYet(check.Finding{
				Say: "Forty pages wait for their version, and the page of another customer waits with them.", Got: fmt.Sprintf("%s after %.1f s", said(answer), time.Since(asked).Seconds()), Want: "the page at once", At: "history/http.go",
				Next: "Give the connection back before you wait: read, wait, read again.",
			})
		}
	}
	for _, request := range waiting {
		s.Within(bound+2*tolerance, request.over)
		if !ok(request.answered()) {
			s.NotYet(check.Finding{
				Say: "Forty pages wait for a version that does not come, and one of them is not answered.", Got: said(request.answered()), Want: `200 and "stale": true after 2 s`, At: "history/http.go", Next: "Give each its own deadline of 2 s.",
			})
		}
	}
}
