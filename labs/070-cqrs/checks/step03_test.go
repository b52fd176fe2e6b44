//go:build lab

package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
	"cnalab/labs/check/proc"
)

// With the write database stopped every query is answered, also by a history that was started meanwhile.
func TestStep03_QueriesDoWithoutTheWriteDatabase(t *testing.T) {
	s := open(t)
	c := s.customer()
	o := c.places(lamp, 2)
	c.cancels(c.places(chair, 1).ID)
	c.shows("", "")
	stopped := s.Fault("write")
	stopped.Stop()
	for i, when := range []string{"the write database is stopped", "the write database is stopped, and history was started meanwhile"} {
		if i > 0 {
			s.history = s.second("write")
		}
		for _, path := range []string{c.path(), "/orders/" + o.ID} {
			request := s.send(s.history, http.MethodGet, path, nil)
			if !s.Within(3*time.Second, request.over) || !ok(request.answer) {
				s.NotYet(check.Finding{
					Say: "A query is not answered while " + when + ".", Got: fmt.Sprintf("GET %s: %s", path, said(request.answered())), Want: "200 within 3 s", At: "history/main.go",
					Next: "Answer it from the view, in the database view of the other server.", Output: s.LogSince("history"),
				})
			}
		}
		if finding := c.differs(c.page()); finding != nil {
			finding.Say = "A page is not what it was while " + when + "."
			s.NotYet(*finding)
		}
		var got line
		s.history.Get("/orders/" + o.ID).Want(http.StatusOK).JSON(&got)
		if got.ID != o.ID || got.String() != o.String() {
			s.NotYet(check.Finding{
				Say: "GET /orders/{id} does not show an order as it was placed while " + when + ".", Got: got.String(), Want: o.String(), At: "history/view.go", Next: "Read the order from the view.",
			})
		}
	}
	if answer := s.history.Get("/orders/" + fresh("order")); answer.Status != http.StatusNotFound {
		s.NotYet(check.Finding{
			Say: "GET /orders/{id} of an order that the view does not know has another status than the step asks for.", Got: said(answer), Want: http.StatusNotFound, At: "history/http.go", Next: "Answer 404 where the view has no such order, and ask nobody else.",
		})
	}
	stopped.Heal()
	s.history = s.Service("history")
	s.settles()
}

// second starts one more history, while a part is stopped, and waits until it answers.
func (s *shop) second(stopped string) *check.Service {
	s.Helper()
	program := proc.BuildService(s.C, "history")
	address := s.FreeAddress()
	env := []string{"SERVICE=history", "ADDR=" + address, "KAFKA=" + os.Getenv(labs.EnvKafka)}
	for _, name := range []string{"order", "query", "view", "page"} {
		env = append(env, labs.EnvDatabase(name)+"="+os.Getenv(labs.EnvDatabase(name)))
	}
	run := program.Start(proc.Call{Env: env})
	second := s.history.At("http://" + address)
	over := func() bool { _, over := run.Exit(); return over }
	if !s.Within(soon, func() bool { return over() || s.try(second, http.MethodGet, "/", nil) != nil }) || over() {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("history was started while the database server %s was stopped, and it does not answer.", stopped), Got: "no answer", Want: "a history that serves its pages", At: "history/main.go",
			Next: "Open the pools without a question to that database, and create the tables of the view in the background.", Output: run.Output(),
		})
	}
	return second
}

// answered is the answer, if it is there.
func (r *sent) answered() *check.Answer {
	if r.over() {
		return r.answer
	}
	return nil
}

// With the read database stopped commands are taken, and the page has them when it is back.
func TestStep03_CommandsDoWithoutTheReadDatabase(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(lamp, 1)
	c.shows("", "")
	conn := postgres.Open(s.C, "view")
	if len(conn.Tables()) == 0 {
		s.NotYet(check.Finding{
			Say: "The database view has no tables.", Got: "none", Want: "the tables of the view", At: "history/main.go", Next: "Create the view in the database of DATABASE_VIEW, and let the projection write there.",
		})
	}
	stopped := s.Fault("read")
	stopped.Stop()
	c.places(chair, 2)
	c.packs(c.lines[1].ID)
	joined := s.send(s.second("read"), http.MethodGet, "/joined?customer="+c.name, nil)
	if !s.Within(3*time.Second, joined.over) || !ok(joined.answer) {
		s.NotYet(check.Finding{
			Say: "The read database is stopped, history was started meanwhile, and GET /joined is not answered.", Got: said(joined.answered()), Want: "200 within 3 s", At: "history/main.go",
			Next: "Open the pools without a question to that database, and create the tables of the view in the background.", Output: s.LogSince("history"),
		})
	}
	stopped.Heal()
	s.settles()
	c.shows("Orders were placed while the read database was stopped, and the page does not show them when it is back.", "Return the error of what could not be stored: the follower asks again where to go on.")
}

// Postgres refuses the role of the pages every change.
func TestStep03_ThePageRoleOnlyReads(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(cup, 2)
	c.shows("", "")
	s.asksAs("view", "page", "history/main.go", func() {
		s.history.Get(c.path())
		s.history.Get("/orders/" + c.lines[0].ID)
	})
	s.readsOnly("page", "view", "positions")
}

// Commands go to the one server, and the view is on the other.
func TestStep03_EachSideHasItsServer(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(lamp, 1)
	c.shows("", "")
	asOrder, asQuery := postgres.Open(s.C, "order"), postgres.Open(s.C, "query")
	s.AwaitServices(soon, func() *check.Finding {
		begin := clock(asOrder)
		c.places(cup, 1)
		c.packs(c.lines[len(c.lines)-1].ID)
		c.shows("", "")
		s.history.Get("/orders/" + c.lines[0].ID).Want(http.StatusOK)
		for _, sql := range append(asked(asOrder, begin), asked(asQuery, begin)...) {
			return &check.Finding{
				Say: "history sends a statement to the server write, which belongs to the commands.", Got: sql, Want: "none", At: "history/main.go",
				Next: "Let the projection and the queries use the server read. Only GET /joined may ask the other one.",
			}
		}
		return nil
	}, services...)
}

// The role of the commands is not let in to the view.
func TestStep03_TheCommandRoleIsRefused(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(lamp, 1)
	c.shows("", "")
	if len(postgres.Open(s.C, "view").Tables()) == 0 {
		s.NotYet(check.Finding{
			Say: "The database view has no tables.", Got: "none", Want: "the tables of the view", At: "history/main.go", Next: "Create the view in the database of DATABASE_VIEW, and let the projection write there.",
		})
	}
	command, err1 := url.Parse(os.Getenv(labs.EnvDatabase("order")))
	view, err2 := url.Parse(os.Getenv(labs.EnvDatabase("view")))
	s.Must(errors.Join(err1, err2), "The check could not read the address of a database.")
	command.Host, command.Path = view.Host, view.Path
	ctx, cancel := context.WithTimeout(s.Context, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, command.String())
	if err == nil {
		_ = conn.Close(ctx)
		s.NotYet(check.Finding{
			Say: "The role order is let in to the database of the view.", Got: "connected", Want: "refused", Next: "Take the role away from the server read: psql $DATABASE_VIEW -c 'DROP ROLE \"order\"'.",
		})
	}
	if _, refused := errors.AsType[*pgconn.PgError](err); !refused {
		s.Must(err, "Postgres did not answer.")
	}
}
