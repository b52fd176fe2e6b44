//go:build lab

package checks

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

const (
	startDB = "Start it with docker run -d --name db --network shop -v db:/var/lib/postgresql/data cnalab/postgres:15."
	again   = "Remove order with docker rm -f order, and start it as before, but add --network shop -e DATABASE=postgres://shop:lamp@db/shop."

	makeRole = "Create a role and a database for order with psql in the container db, and write their names into DATABASE."
)

// Order and its database find each other by name.
func TestStep06_OrderKeepsItsOrdersInTheDatabase(t *testing.T) {
	s := open(t)
	db, order := s.pair()
	status, body := ask(s.Context, http.MethodGet, s.reached(db, order), "/health", nil)
	if status != http.StatusOK || !strings.Contains(body, "the database") {
		s.NotYet(check.Finding{Say: "Order does not keep its orders in the database.", Got: fmt.Sprint(status, " ", body), Want: `200 {"store":"the database"}`,
			Next: again, Output: order.Output()})
	}
	s.inImage(order)
	s.hasOldOrders(order)
	s.hasRole(db, order)
}

// hasOldOrders sees that the volume orders is the one in which order kept its
// orders before: it has some.
func (s *shop) hasOldOrders(order *docker.Container) {
	s.Helper()
	file := path.Join(order.Env("DATA", "/data"), "orders")
	if _, text, _ := order.File(file); strings.TrimSpace(text) == "" {
		s.NotYet(check.Finding{Say: "The old orders are gone: the volume orders has none.", Got: fmt.Sprintf("no order in %s", file), Want: "the orders of step 5",
			Next: "Start order once more as in step 5, place an order, and then start order with its database. Leave the volume as it is."})
	}
}

// hasRole sees that order is a role, and uses a database, which was made for it.
func (s *shop) hasRole(db, order *docker.Container) {
	s.Helper()
	output, status := db.Exec("psql", plain(order.Env("DATABASE", "")), "-AtF ", "-c", "SELECT current_setting('is_superuser'), current_user, current_database()")
	words := strings.Fields(output)
	if status != 0 || len(words) != 3 {
		s.CouldNotCheck(check.Finding{Say: "The check could not log in to the database with the address in DATABASE.", Next: "Write DATABASE as postgres://shop:lamp@db/shop.", Output: output})
	}
	if words[0] == "on" {
		s.NotYet(check.Finding{Say: "Order may do everything in Postgres, because its role is a superuser.", Got: words[1], Want: "a role that only order uses, and no superuser",
			Next: makeRole})
	}
	if words[2] == "postgres" || words[2] == "template1" {
		s.NotYet(check.Finding{Say: "Order has no database of its own.", Got: words[2], Want: "a database that only order uses", Next: makeRole})
	}
}

// plain is an address of Postgres without what only a driver of Go knows.
func plain(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return address
	}
	query := u.Query()
	maps.DeleteFunc(query, func(name string, _ []string) bool {
		return !slices.Contains([]string{"host", "port", "user", "password", "dbname", "sslmode"}, name)
	})
	u.RawQuery = query.Encode()
	return u.String()
}

// The orders are there after the database was killed and its container replaced.
func TestStep06_TheOrdersOutliveTheDatabase(t *testing.T) {
	s := open(t)
	db, order := s.pair()
	address := s.reached(db, order)
	if _, body := ask(s.Context, http.MethodGet, address, "/health", nil); !strings.Contains(body, "the database") {
		s.NotYet(check.Finding{Say: "Order does not keep its orders in the database.", Got: body, Want: `{"store":"the database"}`, Next: again})
	}
	if mount, _ := db.MountOf(db.Env("PGDATA", "/var/lib/postgresql/data")); !kept(mount) {
		s.NotYet(check.Finding{Say: "The database keeps its files in its container, so they are lost with it.", Got: mounts(db),
			Want: "a volume with a name at /var/lib/postgresql/data", Next: "Remove it with docker rm -f db. " + startDB})
	}
	id := s.place(order, address)
	db.Signal("KILL")
	missed := s.Within(soon, func() bool {
		status, _ := ask(s.Context, http.MethodGet, address, "/health", nil)
		return status != http.StatusOK
	})
	s.engine.StartIn(order.Image, "shop") // takes the address that db had
	next := db.Replace()
	if !missed {
		s.NotYet(check.Finding{Say: "The check killed the container db, and order still had a database.", Got: "200 from /health",
			Want: "an order whose database is db", Next: again, Output: order.Output()})
	}
	s.AwaitServices(2*soon, func() *check.Finding {
		s.inTime(next)
		status, body := ask(s.Context, http.MethodGet, address, "/orders/"+id, nil)
		if status == http.StatusOK {
			return nil
		}
		return &check.Finding{Say: "The check killed the database and started its container again, and the order is not there.", Got: fmt.Sprintf("%d %.200s", status, body),
			Want: "the order", Next: fmt.Sprintf("Postgres keeps its files in /var/lib/postgresql/data. Mount the volume there. The container has %s.", mounts(next)), Output: next.Output()}
	})
}

// pair are the two containers, in the network shop.
func (s *shop) pair() (db, order *docker.Container) {
	s.Helper()
	db = s.container("db", startDB)
	order = s.container("order", startOrder)
	for container, how := range map[*docker.Container]string{db: "Remove it. " + startDB, order: again} {
		if _, in := container.NetworkSettings.Networks["shop"]; !in {
			s.NotYet(check.Finding{Say: fmt.Sprintf("The container %s is not in the network shop, in which containers find each other by name.", container.Name), Got: networks(container), Want: "shop", Next: how})
		}
	}
	s.keeps(order) // the old orders are still in there
	return db, order
}

func networks(container *docker.Container) string {
	var all []string
	for name := range container.NetworkSettings.Networks {
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

// reached waits until order has its database, and says what keeps it from it.
func (s *shop) reached(db, order *docker.Container) string {
	s.Helper()
	address := order.Address(port)
	if address == "" {
		s.NotYet(check.Finding{Say: "Port 8080 of order is not published.", Got: "no port on this machine", Want: "-p 8080", Next: again})
	}
	s.AwaitServices(soon, func() *check.Finding {
		s.inTime(order)
		status, body := ask(s.Context, http.MethodGet, address, "/health", nil)
		if status == http.StatusOK {
			return nil
		}
		return &check.Finding{Say: "Order does not reach its database.", Got: fmt.Sprintf("%d %.300s", status, body), Want: "200",
			Next: "Look at DATABASE: the host is db, and role, password and database are those that you created.", Output: order.Output()}
	})
	return address
}
