//go:build lab

package checks

import (
	"fmt"
	"strings"
	"testing"

	"cnalab/labs/check"
)

// Each statement that goes to a table of the other service is on the list.
func TestStep01_EachStatementIsListed(t *testing.T) {
	t.Parallel()
	s := open(t)
	lines := s.listed()
	statements, _ := s.observed()
	for _, coupling := range statements.sorted() {
		if lines[coupling] > 0 {
			continue
		}
		service, rest, _ := strings.Cut(coupling, " ")
		verb, _, _ := strings.Cut(rest, " ")
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("A statement of %s %s a table of the other service, and couplings.txt has no line for it.", service, verb),
			Got: oneLine(statements[coupling]), Want: fmt.Sprintf("%s %s TABLE", service, verb), At: list,
			Next: `Look which tables the statement uses. What it names may be a view: psql $DATABASE_SHOP -c '\d+ NAME' shows what is behind it.`,
		})
	}
}

// Each foreign key from one service to the other is on the list.
func TestStep01_EachForeignKeyIsListed(t *testing.T) {
	t.Parallel()
	s := open(t)
	lines := s.listed()
	_, constraints := s.observed()
	for _, coupling := range constraints.sorted() {
		if lines[coupling] == 0 {
			s.NotYet(check.Finding{
				Say: "A foreign key leads from a table of one service to a table of the other, and couplings.txt has no line for it.",
				Got: fmt.Sprintf("%d lines with references", strings.Count(strings.Join(fromFirst(lines), "\n"), " references ")), Want: "TABLE references TABLE, for each", At: list, Next: `psql $DATABASE_SHOP -c '\d orders' shows the constraints of orders; look at the other tables, too.`,
			})
		}
	}
}

// Nothing else is on the list.
func TestStep01_NothingElseIsListed(t *testing.T) {
	t.Parallel()
	s := open(t)
	lines := s.listed()
	statements, constraints := s.observed()
	for _, written := range fromFirst(lines) {
		if _, is := statements[written]; is {
			continue
		}
		if _, is := constraints[written]; is {
			continue
		}
		s.NotYet(check.Finding{
			Say: "A line of couplings.txt does not name a coupling.", Got: written,
			Want: "only what the log of Postgres and the tables show", At: fmt.Sprintf("%s:%d", list, lines[written]), Next: s.why(written),
		})
	}
}

// why says what speaks against a line.
func (s *shop) why(written string) string {
	parts := line.FindStringSubmatch(written)
	first, verb, second := parts[1], parts[2], parts[3]
	switch {
	case verb == "references" && (owners[first] == "" || owners[second] == ""):
		return "The tables are orders, products, stock and taken."
	case verb == "references" && owners[first] == owners[second]:
		return "Both tables are of one service, and so this is no coupling."
	case verb == "references":
		return "No foreign key leads from the one table to the other, or no service uses them any more."
	case first != "order" && first != "product":
		return "The services are order and product."
	case owners[second] == "":
		return "The tables are orders, products, stock and taken. For a view, name the tables behind it."
	case owners[second] == first:
		return "The service owns this table, and so this is no coupling."
	}
	return "No statement in the log does this. SELECT reads; INSERT, UPDATE and DELETE write."
}
