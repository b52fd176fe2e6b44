package postgres

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

// database starts a Postgres of the test's own and points checks at it.
func database(t *testing.T) {
	t.Helper()
	bin := postgresBin(t)
	dir, err := os.MkdirTemp("", "check-postgres-") // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	data := filepath.Join(dir, "data")
	giveAway(t, dir)
	if out, err := unprivileged(exec.Command(filepath.Join(bin, "initdb"), "-N", "-A", "trust", "-U", "shop", data), dir).CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	port := freePort(t)
	server := unprivileged(exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", port,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"), dir)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Signal(os.Interrupt); _ = server.Wait() })
	url := "postgres://shop@127.0.0.1:" + port + "/postgres"
	awaitDatabase(t, url)
	t.Setenv(labs.EnvDatabase("order"), url)
}

// postgresBin finds the folder of the server's programs.
func postgresBin(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path)
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(found) == 0 {
		t.Skip("no Postgres server on this machine: install postgresql to run this test")
	}
	return found[len(found)-1]
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := strings.Cut(listener.Addr().String(), ":")
	return port
}

func awaitDatabase(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, url)
		if err == nil {
			_ = conn.Close(ctx)
			return
		}
		if ctx.Err() != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestSubject(t *testing.T) { checktest.RunSubject(t) }

func init() {
	checktest.Subjects["postgres: a table that is missing"] = func(c *check.C) { Open(c, "order").Rows("SELECT * FROM outbox") }
	checktest.Subjects["postgres: a division by zero"] = func(c *check.C) { Open(c, "order").Int("SELECT 1 / 0") }
	checktest.Subjects["postgres: a connection"] = func(c *check.C) { Open(c, "order") }
}

func TestPostgres(t *testing.T) {
	database(t)
	p := Open(check.New(t), "order")
	p.Rows("CREATE TABLE orders (id text, quantity integer)")
	p.Rows("INSERT INTO orders VALUES ('a', 1), ('b', 2)")
	want := []map[string]any{{"id": "b", "quantity": int32(2)}}
	if diff := cmp.Diff(want, p.Rows("SELECT * FROM orders WHERE quantity > $1", 1)); diff != "" {
		t.Error(diff)
	}
	if got := p.Int("SELECT sum(quantity) FROM orders"); got != 3 {
		t.Errorf("sum: got %d", got)
	}
	if got := p.Int("SELECT quantity FROM orders WHERE id = 'c'"); got != 0 {
		t.Errorf("no row: got %d", got)
	}
	p.Rows("CREATE SCHEMA inbox")
	p.Rows(`CREATE TABLE inbox."Done" (event text)`)
	p.Rows("CREATE TEMP TABLE taken (event text)")
	if diff := cmp.Diff([]string{`inbox."Done"`, "orders"}, p.Tables()); diff != "" {
		t.Error(diff)
	}
	if got := checktest.Result(t, "postgres: a table that is missing"); got.Verdict != labs.NotYet || !strings.Contains(got.Got, "outbox") {
		t.Errorf("missing table: got %+v", got)
	}
	if got := checktest.Result(t, "postgres: a division by zero"); got.Verdict != labs.CouldNotCheck {
		t.Errorf("another error: got %+v", got)
	}
}

// The machine's own ways to a database are not those of a check.
func TestPostgresIsAskedAtItsAddressAlone(t *testing.T) {
	database(t)
	for name, value := range map[string]string{"PGSERVICE": "x", "PGHOST": "elsewhere.invalid", "PGTARGETSESSIONATTRS": "standby"} {
		t.Setenv(name, value)
	}
	if got := checktest.Result(t, "postgres: a division by zero"); !strings.Contains(got.Output+got.Say+got.Got, "Postgres did not answer the check's query") {
		t.Errorf("got %+v", got)
	}
}

func TestPostgresThatIsAwayCannotBeChecked(t *testing.T) {
	t.Setenv(labs.EnvDatabase("order"), "postgres://order@127.0.0.1:"+freePort(t)+"/order")
	if got := checktest.Result(t, "postgres: a connection"); got.Verdict != labs.CouldNotCheck || got.Say != "Postgres did not answer." {
		t.Errorf("got %+v", got)
	}
	t.Setenv(labs.EnvDatabase("order"), "")
	if got := checktest.Result(t, "postgres: a connection"); got.Say != "There is no database of order to ask." {
		t.Errorf("got %+v", got)
	}
}
