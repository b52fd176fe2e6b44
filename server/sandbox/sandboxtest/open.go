package sandboxtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/translate"
	"cnalab/server/sandbox"
)

func (o Options) testOpen(t *testing.T) {
	s, seen := o.open(t)
	t.Run("names its stages", func(t *testing.T) {
		for _, want := range o.system().stages {
			if !slices.Contains(seen.stages(), want) {
				t.Errorf("no stage %q in %q", want, seen.stages())
			}
		}
		for _, stage := range seen.stages() {
			if translate.In("ko", stage) == stage {
				t.Errorf("stage %q has no Korean", stage)
			}
		}
	})
	t.Run("has its parts", func(t *testing.T) {
		var names []string
		for _, p := range s.Parts() {
			names = append(names, p.Name)
			if p.State != sandbox.Running || p.Address == "" {
				t.Errorf("part %+v, want it running, with an address", p)
			}
		}
		if want := o.system().parts; !slices.Equal(names, want) {
			t.Errorf("parts %q, want %q", names, want)
		}
	})
	if !o.Has.Nodes {
		s.testShop(t)
	}
	t.Run("the control server answers those who have its token", s.testControl)
	t.Run("a shell inside", s.testInside)
}

func (s *opened) testShop(t *testing.T) {
	t.Run("services answer and reach each other", func(t *testing.T) {
		s.says("order", "/", "one")
		s.says("order", "/product", "product")
		s.says("order", "/env?name=SERVICE", "order")
		s.says("order", "/reach?name=KAFKA", "reached")
		s.says("order", "/reach?name=DATABASE_URL", "reached")
		s.sameDatabase()
	})
	t.Run("each database has one owner", s.testDatabases)
	t.Run("Kafka keeps messages", func(t *testing.T) {
		if err := s.topic("orders"); err != nil {
			t.Fatal(err)
		}
		if err := s.produce("orders", "hello"); err != nil {
			t.Fatal(err)
		}
		if n, err := s.count("orders"); err != nil || n != 1 {
			t.Errorf("%d messages, %v; want 1", n, err)
		}
	})
}

// sameDatabase fails unless the service is told of the database that checks
// are told of; it may reach it at another address.
func (s *opened) sameDatabase() {
	s.Helper()
	told, err := s.get("order", "/env?name=DATABASE_URL")
	if err != nil {
		s.Fatal(err)
	}
	inside, errInside := url.Parse(told)
	outside, err := url.Parse(s.env(labs.EnvDatabase("order")))
	if err != nil || errInside != nil {
		s.Fatal(err, errInside)
	}
	if inside.Host = outside.Host; inside.String() != outside.String() {
		s.Errorf("order is told of %s, checks of %s", told, outside)
	}
}

func (s *opened) testDatabases(t *testing.T) {
	for _, name := range []string{"order", "product"} {
		if got, err := s.query(name, "SELECT current_database() || ' ' || current_user"); err != nil || got != name+" "+name {
			t.Errorf("%s's database is %q, %v", name, got, err)
		}
	}
	if _, err := s.query("order", "CREATE TABLE orders (id text)"); err != nil {
		t.Errorf("order may not create a table: %v", err)
	}
	u, err := url.Parse(s.env(labs.EnvDatabase("order")))
	if err != nil {
		t.Fatal(err)
	}
	own := u.User
	for _, foreign := range []string{"product", "postgres", "template1"} {
		u.Path = "/" + foreign
		if err := s.connects(u.String()); err == nil {
			t.Errorf("order's role is let into the database %s", foreign)
		} else if !strings.Contains(err.Error(), "42501") {
			t.Errorf("order's role in %s: %v, want refused permission", foreign, err)
		}
	}
	u.Path, u.User = "/order", url.UserPassword(own.Username(), "wrong")
	if err := s.connects(u.String()); err == nil {
		t.Error("a wrong password is let in")
	}
}

func (s *opened) testControl(t *testing.T) {
	u, err := url.Parse(s.env(labs.EnvControl))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, token string, into any) int {
		request, err := http.NewRequest(method, "http://"+u.Host+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if into != nil {
			if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
				t.Fatal(err)
			}
		}
		return answer.StatusCode
	}
	token, system := u.User.Username(), s.o.system()
	name := system.part
	var refused struct{ Say, Next string }
	if got := ask("GET", "/parts", "wrong", &refused); got != http.StatusUnauthorized || refused.Say == "" || refused.Next == "" {
		t.Errorf("with a wrong token: %d %+v", got, refused)
	}
	var parts []struct{ Name, Kind, State, Address string }
	if got := ask("GET", "/parts", token, &parts); got != http.StatusOK || len(parts) != len(system.parts) {
		t.Fatalf("parts: %d %+v", got, parts)
	}
	for i, p := range parts {
		if p.Name != system.parts[i] || p.State != "running" {
			t.Errorf("parts: %+v", parts)
		}
	}
	var lines []struct {
		Part, Text string
		Time       time.Time
	}
	within(t, system.logDelay, func() error {
		if got := ask("GET", "/log?lines=5&part="+name, token, &lines); got != http.StatusOK || len(lines) == 0 || !strings.Contains(lines[0].Text, system.logs) {
			return fmt.Errorf("log: %d %+v", got, lines)
		}
		return nil
	})
	if got := ask("POST", "/fault?part=nobody&kind=stop", token, &refused); got != http.StatusNotFound || !strings.Contains(refused.Next, name) {
		t.Errorf("fault of an unknown part: %d %+v", got, refused)
	}
	if got := ask("POST", "/fault?kind=explode&part="+name, token, &refused); got != http.StatusBadRequest {
		t.Errorf("unknown fault: %d %+v", got, refused)
	}
	if got := ask("POST", "/fault?kind=stop&part="+name, token, nil); got != http.StatusNoContent {
		t.Errorf("fault: %d", got)
	}
	if err := system.answers(s, name); err == nil {
		t.Errorf("%s answers while stopped", name)
	}
	if got := ask("POST", "/heal?part="+name, token, nil); got != http.StatusNoContent {
		t.Errorf("heal: %d", got)
	}
	if err := system.answers(s, name); err != nil {
		t.Errorf("healed: %v", err)
	}
	if !s.o.Has.Nodes {
		s.says("order", "/", "one")
	}
}
