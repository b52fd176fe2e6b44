//go:build lab

package checks

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// list is the file in which the learner notes the couplings.
const list = "couplings.txt"

// owners says which service owns each table of the shared database.
var owners = map[string]string{"orders": "order", "products": "product", "stock": "product", "taken": "product"}

// couplings are lines as the list has them, each with what shows it: a statement, or
// nothing for a constraint.
type couplings map[string]string

// observed is what couples the services at this moment: from the statements that they
// send to the shared database while everything is used, and from its catalogue.
func (s *shop) observed() (statements, constraints couplings) {
	s.Helper()
	recording := postgres.Record(s.C, "postgres", "shop")
	s.useAll()
	log := recording.Statements()
	s.named(log)
	statements, used := couplings{}, map[string]bool{}
	conn := postgres.Open(s.C, "shop")
	for _, sent := range log {
		if sent.Database != "shop" || !slices.Contains(services, sent.Application) {
			continue
		}
		for table, verbs := range touches(conn, sent.SQL) {
			used[table] = true
			if owners[table] == sent.Application {
				continue
			}
			for _, verb := range verbs {
				statements[sent.Application+" "+verb+" "+table] = sent.SQL
			}
		}
	}
	return statements, crossing(conn, used)
}

// named ends the check where the log does not tell who sent what.
func (s *shop) named(log []postgres.Statement) {
	s.Helper()
	for _, service := range services {
		if !slices.ContainsFunc(log, func(sent postgres.Statement) bool { return sent.Application == service }) {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("No statement in Postgres' log says that %s sent it.", service), Got: "no application_name " + service,
				Want: "application_name is the name of the service", At: "service/service.go", Next: "Open the database as service.Run does, which sets it.",
			})
		}
	}
}

// touches is what a statement does with which tables of the database. Postgres itself
// says so: to prepare a statement it locks each table that it reads or writes, those
// behind a view too.
func touches(conn *postgres.Conn, sql string) map[string][]string {
	tables := map[string][]string{}
	conn.Rows("BEGIN")
	defer conn.Rows("ROLLBACK")
	if _, err := conn.Try("PREPARE asked AS " + sql); err != nil {
		return tables // BEGIN and the like
	}
	defer conn.Rows("DEALLOCATE asked") // which outlives the transaction
	for _, lock := range conn.Rows(`
		SELECT relname, mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation
		WHERE pid = pg_backend_pid() AND relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'`) {
		table, verb := lock["relname"].(string), "reads"
		if lock["mode"] == "RowExclusiveLock" {
			verb = "writes"
		}
		tables[table] = append(tables[table], verb)
	}
	return tables
}

// crossing are the constraints from a table of one service to one of the other, where
// one of the services uses the table.
func crossing(conn *postgres.Conn, used map[string]bool) couplings {
	found := couplings{}
	for _, row := range conn.Rows("SELECT conrelid::regclass::text AS one, confrelid::regclass::text AS other FROM pg_constraint WHERE contype = 'f'") {
		one, other := row["one"].(string), row["other"].(string)
		if owners[one] != owners[other] && used[one] && used[other] {
			found[one+" references "+other] = ""
		}
	}
	return found
}

var line = regexp.MustCompile(`^(\w+) (reads|writes|references) (\w+)$`)

// listed reads the learner's list: each line, with its number.
func (s *shop) listed() map[string]int {
	s.Helper()
	text, there := s.Files().Read(list)
	if !there {
		s.NotYet(check.Finding{
			Say: "There is no file couplings.txt.", Want: "one line for each coupling", At: list, Next: "Make it at the top of the workspace.",
		})
	}
	lines := map[string]int{}
	for i, written := range strings.Split(text, "\n") {
		written, _, _ = strings.Cut(written, "#")
		written = strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(written, "public.", ""))), " ")
		if written == "" {
			continue
		}
		if !line.MatchString(written) {
			s.NotYet(check.Finding{
				Say: "A line of couplings.txt is in none of the three forms.", Got: written, Want: "SERVICE reads TABLE, SERVICE writes TABLE, or TABLE references TABLE",
				At: fmt.Sprintf("%s:%d", list, i+1), Next: "Write one coupling a line; what begins with # is not read.",
			})
		}
		lines[written] = i + 1
	}
	return lines
}

// sorted are the lines in an order that does not change.
func (all couplings) sorted() []string { return slices.Sorted(maps.Keys(all)) }

// oneLine is a statement as a finding shows it.
func oneLine(sql string) string { return fmt.Sprintf("%.200s", strings.Join(strings.Fields(sql), " ")) }

// fromFirst are the lines of the list in its order.
func fromFirst(lines map[string]int) []string {
	return slices.SortedFunc(maps.Keys(lines), func(a, b string) int { return lines[a] - lines[b] })
}
