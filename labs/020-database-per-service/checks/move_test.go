//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
	"cnalab/labs/check/proc"
)

// moving is how long a move may take: there is little to move.
const moving = 40 * time.Second

// databases tells a program of the learner's where they are, in other places where
// some are given.
func databases(others ...string) (env []string) {
	for _, name := range []string{"shop", "order", "product"} {
		variable := labs.EnvDatabase(name)
		env = append(env, variable+"="+os.Getenv(variable))
	}
	return append(env, others...)
}

// moves runs the learner's move, which has to succeed.
func (s *shop) moves() {
	s.Helper()
	s.succeeds(proc.Build(s.C, "move").Run(moving, proc.Call{Env: databases()}))
}

// succeeds looks at a move that has ended.
func (s *shop) succeeds(run *proc.Running) {
	s.Helper()
	if exit, _ := run.Exit(); !exit.OK() {
		s.NotYet(check.Finding{
			Say: "go run ./move does not succeed.", Got: exit.Say, Want: "exit status 0", At: "move/main.go",
			Next: "Run it in the terminal and read what it prints.", Output: run.Output(),
		})
	}
}

// sharedTables connects to the shared database. In a sandbox that was opened after the
// split, nobody has made its tables.
func (s *shop) sharedTables() *postgres.Conn {
	s.Helper()
	conn := postgres.Open(s.C, "shop")
	s.makes(conn)
	return conn
}

// makes makes the shared tables where they are not there.
func (s *shop) makes(conn *postgres.Conn) {
	s.Helper()
	for _, table := range []string{
		"products (sku text PRIMARY KEY, name text NOT NULL, price bigint NOT NULL)",
		"stock (sku text PRIMARY KEY REFERENCES products (sku), quantity integer NOT NULL)",
		"orders (id text PRIMARY KEY, sku text NOT NULL REFERENCES products (sku), quantity integer NOT NULL, address text NOT NULL, placed timestamptz NOT NULL DEFAULT now())",
		"taken (order_id text PRIMARY KEY REFERENCES orders (id), sku text NOT NULL, quantity integer NOT NULL)",
	} {
		conn.Rows("CREATE TABLE IF NOT EXISTS " + table)
	}
}

// sold writes a product and orders of it to the shared database, as the services did
// before the split.
func (s *shop) sold(p product, orders ...order) {
	s.Helper()
	conn := s.sharedTables()
	conn.Rows("INSERT INTO products (sku, name, price) VALUES ($1, $2, $3)", p.SKU, p.Name, p.Price)
	conn.Rows("INSERT INTO stock (sku, quantity) VALUES ($1, $2)", p.SKU, p.Stock)
	for _, o := range orders {
		s.ordered(conn, o)
	}
}

// forgets removes a product from the shared database with the check: where a move fails,
// it would be missing in the services for ever.
func (s *shop) forgets(p product) {
	s.Helper()
	conn := postgres.Open(s.C, "shop")
	s.Cleanup(func() {
		for _, table := range []string{"taken", "orders", "stock", "products"} {
			conn.Drop("DELETE FROM " + table + " WHERE sku = '" + p.SKU + "'")
		}
	})
}

func (s *shop) ordered(conn *postgres.Conn, o order) {
	s.Helper()
	conn.Rows("INSERT INTO orders (id, sku, quantity, address, placed) VALUES ($1, $2, $3, $4, $5)", o.ID, o.SKU, o.Quantity, o.Address, o.Placed)
	conn.Rows("INSERT INTO taken (order_id, sku, quantity) VALUES ($1, $2, $3)", o.ID, o.SKU, o.Quantity)
}

// moved looks whether the services have all that the shared database has of a product.
func (s *shop) moved(p product, orders ...order) {
	s.Helper()
	s.has(p, "An order's or a product's row is not in the service's own database as it was in the shared one.")
	for _, o := range orders {
		s.hasOrder(o)
	}
}

func (s *shop) has(p product, say string) {
	s.Helper()
	answer := s.product.Get("/products/" + p.SKU)
	var got product
	if answer.Status == http.StatusOK {
		answer.JSON(&got)
	}
	if got != p {
		s.NotYet(check.Finding{
			Say: say, Got: said(answer), Want: fmt.Sprintf("%s, %q, price %d, %d in stock", p.SKU, p.Name, p.Price, p.Stock), At: "move/main.go",
			Next: "Compare the rows in both: psql $DATABASE_SHOP and psql $DATABASE_PRODUCT.",
		})
	}
}

// hasOrder looks for an order on its page, once, with its time.
func (s *shop) hasOrder(o order) {
	s.Helper()
	s.AwaitServices(soon, func() *check.Finding {
		count := 0
		for _, got := range s.page(o.Address) {
			if got.ID == o.ID && got.SKU == o.SKU && got.Quantity == o.Quantity && got.Placed.Equal(o.Placed) {
				count++
			}
		}
		if count == 1 {
			return nil
		}
		return &check.Finding{
			Say: "The page of orders does not have an order of the shared database once, as it was there.", Got: fmt.Sprintf("%d times", count),
			Want: fmt.Sprintf("once: %s, %d of %s, placed %s", o.ID, o.Quantity, o.SKU, o.Placed.Format(time.RFC3339Nano)), At: "move/main.go",
			Next: "Compare the rows in both: psql $DATABASE_SHOP and psql $DATABASE_ORDER.",
		}
	}, services...)
}

// allTaken is what each order took, as product tells it.
func (s *shop) allTaken() map[string]order {
	s.Helper()
	var all []struct {
		Order    string
		SKU      string
		Quantity int
	}
	s.product.Get("/taken").Want(http.StatusOK).JSON(&all)
	found := map[string]order{}
	for _, t := range all {
		found[t.Order] = order{SKU: t.SKU, Quantity: t.Quantity}
	}
	return found
}

// apart are the shared tables once more, which no service uses.
type apart struct {
	*postgres.Conn
	url, schema string
}

// apart makes the shared tables in a schema of their own, which goes with the check.
func (s *shop) apart() apart {
	s.Helper()
	all := apart{Conn: postgres.Open(s.C, "shop"), schema: "check_" + fresh("apart")[6:]}
	s.Cleanup(all.end)
	all.Rows("CREATE SCHEMA " + all.schema)
	all.Rows("SET search_path TO " + all.schema)
	s.makes(all.Conn)
	u, err := url.Parse(os.Getenv(labs.EnvDatabase("shop")))
	s.Must(err, "The check could not read the address of a database.")
	query := u.Query()
	query.Set("search_path", all.schema)
	u.RawQuery = query.Encode()
	all.url = u.String()
	return all
}

func (a apart) end() { a.Drop("DROP SCHEMA IF EXISTS " + a.schema + " CASCADE") }
