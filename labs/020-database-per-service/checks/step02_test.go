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

// rows is how many orders are moved at once: more than fit on any page.
const rows = 250

// looked is how many addresses and products of the shared database are looked for.
const looked = 30

// What was in the shared database before Check is in the services' own.
func TestStep02_WhatWasThereIsMoved(t *testing.T) {
	s := open(t)
	conn := s.sharedTables()
	missing := func(what string) {
		s.NotYet(check.Finding{
			Say: "The services do not have all that is in the shared database.", Got: what + " is missing", Want: "every row", At: "move/main.go",
			Next: "Save a file of each service: it restarts and makes its tables. Then run go run ./move in the terminal.",
		})
	}
	taken := s.allTaken()
	for _, row := range conn.Rows("SELECT order_id FROM taken") {
		if id := row["order_id"].(string); taken[id].SKU == "" {
			missing("what order " + id + " took")
		}
	}
	for _, row := range conn.Rows("SELECT sku FROM products ORDER BY sku DESC LIMIT $1", looked) {
		if sku := row["sku"].(string); s.product.Get("/products/"+url.PathEscape(sku)).Status != http.StatusOK {
			missing("the product " + sku)
		}
	}
	for _, row := range conn.Rows("SELECT address, array_agg(id) AS ids FROM orders GROUP BY address HAVING count(*) < 20 ORDER BY min(placed) LIMIT $1", looked) {
		there := map[string]bool{}
		for _, o := range s.page(row["address"].(string)) {
			there[o.ID] = true
		}
		for _, id := range row["ids"].([]any) {
			if !there[id.(string)] {
				missing("order " + id.(string))
			}
		}
	}
}

// Each row is moved, as it is.
func TestStep02_EachRowIsMovedAsItIs(t *testing.T) {
	s := open(t)
	sku := fresh("sku")
	p := product{SKU: sku, Name: "등잔 \"" + sku + "\", 2\\N\nsecond line\tNULL", Price: 9007199254740993, Stock: 0}
	at := time.Date(2026, 2, 28, 23, 59, 59, 123456000, time.FixedZone("", 9*3600))
	odd := order{ID: fresh("order"), SKU: sku, Quantity: 3, Address: fresh("느릅나무길 \"5\"\\N, 'a'\n\tb"), Placed: at}
	orders := []order{odd}
	for i := range 5 {
		orders = append(orders, order{ID: fresh("order"), SKU: sku, Quantity: i + 1, Address: odd.Address, Placed: at.Add(-time.Duration(i) * time.Hour)})
	}
	s.sold(p, orders...)
	many := fresh("street")
	conn := postgres.Open(s.C, "shop")
	conn.Rows("INSERT INTO orders SELECT $1 || n, $2, 1, $1, timestamptz '2026-09-01' + n * interval '1 minute' FROM generate_series(1, $3::int) AS n", many, sku, rows)
	conn.Rows("INSERT INTO taken SELECT id, sku, quantity FROM orders WHERE address = $1", many)
	s.moves()
	s.moved(p, orders...)
	taken := s.allTaken()
	for _, o := range orders {
		if got := taken[o.ID]; got.SKU != o.SKU || got.Quantity != o.Quantity {
			s.NotYet(check.Finding{
				Say: "What an order took of the stock is not in product's own database as it was in the shared one.", Got: fmt.Sprintf("%d of %q", got.Quantity, got.SKU),
				Want: fmt.Sprintf("%d of %q", o.Quantity, o.SKU), At: "move/main.go", Next: "Move the table taken, too: product owns it.",
			})
		}
	}
	moved := 0
	for id := range taken {
		if len(id) > len(many) && id[:len(many)] == many {
			moved++
		}
	}
	sales := map[string]int{}
	s.order.Get("/sales").Want(http.StatusOK).JSON(&sales)
	want := rows + odd.Quantity + 15
	if moved != rows || sales[sku] != want {
		s.NotYet(check.Finding{
			Say: "The check sold a product many times in the shared database and moved it. The services do not have all of that, or have it twice.",
			Got: fmt.Sprintf("%d rows in taken, %d sold", moved, sales[sku]), Want: fmt.Sprintf("%d rows in taken, %d sold", rows, want), At: "move/main.go",
			Next: "Count the rows in both: psql $DATABASE_SHOP -c 'SELECT count(*) FROM orders', and the same with $DATABASE_ORDER.",
		})
	}
}

// Moving again brings what is new, and leaves what the services have changed since.
func TestStep02_MovingAgainDoesNoHarm(t *testing.T) {
	s := open(t)
	at := time.Date(2026, 9, 7, 8, 30, 0, 0, time.UTC)
	first := product{SKU: fresh("sku"), Name: "Lamp", Price: 3900, Stock: 10}
	old := order{ID: fresh("order"), SKU: first.SKU, Quantity: 2, Address: fresh("street"), Placed: at}
	s.sold(first, old)
	s.moves()
	s.set(product{SKU: first.SKU, Name: "Lamp, brass", Price: 4100, Stock: 50})
	placed := s.place(order{SKU: first.SKU, Quantity: 3, Address: old.Address})
	second := product{SKU: fresh("sku"), Name: "Chair", Price: 12900, Stock: 5}
	new := order{ID: fresh("order"), SKU: second.SKU, Quantity: 1, Address: fresh("street"), Placed: at}
	late := order{ID: fresh("order"), SKU: first.SKU, Quantity: 1, Address: old.Address, Placed: at}
	s.sold(second, new)
	s.ordered(postgres.Open(s.C, "shop"), late)
	s.moves()
	s.moves()
	s.has(product{SKU: first.SKU, Name: "Lamp, brass", Price: 4100, Stock: 47},
		"A product was moved, then its name was changed and some of it was sold. After the second move it is not as it was before.")
	s.moved(second, new)
	s.hasOrder(old)
	s.hasOrder(late)
	if page := s.page(old.Address); len(page) != 3 {
		s.NotYet(check.Finding{
			Say: "After two moves, an address has not the orders that were placed to it.", Got: fmt.Sprintf("%d orders", len(page)),
			Want: fmt.Sprintf("3: two were moved, and %s was placed in between", placed.ID), At: "move/main.go", Next: "Insert what is not there yet, and neither change nor delete anything.",
		})
	}
}

// A move that fails says so.
func TestStep02_AMoveThatFailsSaysSo(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, name := range []string{"order", "product"} {
		run := proc.Build(s.C, "move").Run(moving, proc.Call{Env: databases(labs.EnvDatabase(name) + "=postgres://nobody@127.0.0.1:1/" + name)})
		if exit, _ := run.Exit(); exit.OK() {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("move could not reach the database of %s, and ends as if all were moved.", name), Got: exit.Say, Want: "exit status 1", At: "move/main.go",
				Next: "Return each error, up to main.", Output: run.Output(),
			})
		}
	}
}

// A move that cannot read a table says so.
func TestStep02_AMoveThatCannotReadSaysSo(t *testing.T) {
	s := open(t)
	for _, breaks := range []string{"REVOKE SELECT ON taken FROM CURRENT_USER", "ALTER TABLE taken RENAME COLUMN quantity TO pieces"} {
		p := product{SKU: fresh("sku"), Name: "Vase", Price: 2700, Stock: 1}
		o := order{ID: fresh("order"), SKU: p.SKU, Quantity: 1, Address: fresh("street"), Placed: time.Date(2026, 9, 8, 8, 30, 0, 0, time.UTC)}
		apart := s.apart()
		apart.Rows("INSERT INTO products VALUES ($1, $2, $3)", p.SKU, p.Name, p.Price)
		apart.Rows("INSERT INTO stock VALUES ($1, $2)", p.SKU, p.Stock)
		s.ordered(apart.Conn, o)
		apart.Rows(breaks)
		run := proc.Build(s.C, "move").Run(moving, proc.Call{Env: databases(labs.EnvDatabase("shop") + "=" + apart.url)})
		looked := s.product.Get("/products/"+p.SKU).Status == http.StatusOK || len(s.page(o.Address)) > 0 // and not elsewhere
		if exit, _ := run.Exit(); looked && exit.OK() && s.allTaken()[o.ID].SKU == "" {
			s.NotYet(check.Finding{
				Say: "move could not read a table of the shared database, and ends as if all were moved.", Got: exit.Say, Want: "exit status 1", At: "move/main.go",
				Next: "Return each error, up to main.", Output: run.Output(),
			})
		}
		apart.end()
	}
}

// A move that a database refuses a row says so, and brings the row when it is run again.
func TestStep02_AMoveThatIsRefusedARowSaysSo(t *testing.T) {
	s := open(t)
	p := product{SKU: fresh("sku"), Name: "Table", Price: 19900, Stock: 3}
	o := order{ID: fresh("order"), SKU: p.SKU, Quantity: 1, Address: fresh("street"), Placed: time.Date(2026, 9, 8, 8, 30, 0, 0, time.UTC)}
	s.sold(p, o)
	s.forgets(p)
	for _, service := range []string{"product", "order"} {
		refused := s.refuses(service, p.SKU, "")
		run := proc.Build(s.C, "move").Run(moving, proc.Call{Env: databases()})
		tried := refused.times() > 0
		refused.end()
		if exit, _ := run.Exit(); tried && exit.OK() {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The database of %s refused a row, and move ends as if all were moved.", service), Got: exit.Say, Want: "exit status 1", At: "move/main.go",
				Next: "Return each error, up to main.", Output: run.Output(),
			})
		}
	}
	s.moves()
	s.moved(p, o)
}

// Each service sends its statements to its own database, as its own role.
func TestStep02_EachServiceAsksItsOwnDatabase(t *testing.T) {
	s := open(t)
	recording := postgres.Record(s.C, "postgres", "order")
	s.useAll()
	log := recording.Statements()
	s.named(log)
	for _, sent := range log {
		for _, service := range services {
			if sent.Application == service && (sent.Database != service || sent.Role != service) {
				s.NotYet(check.Finding{
					Say: fmt.Sprintf("%s sends a statement to another database than its own, or as another role.", service),
					Got: fmt.Sprintf("database %s, role %s: %s", sent.Database, sent.Role, oneLine(sent.SQL)), Want: fmt.Sprintf("database %s, role %[1]s", service),
					At: service + "/main.go", Next: fmt.Sprintf("Connect to $%s, and send nothing to another database.", labs.EnvDatabase(service)),
				})
			}
		}
	}
}

// Postgres refuses each role the database of the other service.
func TestStep02_EachRoleIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, role := range services {
		for _, database := range services {
			if role != database {
				s.refused(role, database)
			}
		}
	}
}

func (s *shop) refused(role, database string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context, 5*time.Second)
	defer cancel()
	u, err := url.Parse(os.Getenv(labs.EnvDatabase(role)))
	s.Must(err, "The check could not read the address of a database.")
	u.Path = "/" + database
	conn, err := pgx.Connect(ctx, u.String())
	if err == nil {
		_ = conn.Close(ctx)
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("Postgres lets the role %s into the database %s.", role, database), Got: "connected", Want: "permission denied",
			At: database + "/schema.sql", Next: fmt.Sprintf("Take the right away: psql $%s -c 'REVOKE CONNECT ON DATABASE %s FROM PUBLIC, \"%s\"'.", labs.EnvDatabase(database), database, role),
		})
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "42501" {
		s.Must(err, "Postgres did not answer.")
	}
}
