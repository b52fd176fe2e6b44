//go:build lab

package checks

import (
	"fmt"
	"strings"

	"cnalab/labs/check/postgres"
)

// memory is a table of product's that holds the ids of events, of which the
// check can make more: it holds nothing else but when they came and the like.
type memory struct {
	table, id  string
	times      []string // columns
	into, from string   // the columns of another row, and what to fill them with
}

// age makes the memory of the events old, as if they had come days ago and
// thousands of others since, until forget is called. What is remembered in
// another way than by rows of ids is left as it is.
func (s *shop) age(events []event) (forget func()) {
	s.Helper()
	var ids []string
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	var all []memory
	conn := postgres.Open(s.C, "product")
	for _, table := range conn.Tables() {
		m, known := findMemory(conn, table, ids[0])
		if table == "stock" || !known {
			continue
		}
		all = append(all, m)
		conn.Rows("INSERT INTO "+table+" ("+m.into+") SELECT "+m.from+" FROM "+table+
			" AS old, generate_series(1, 5000) AS more (number) WHERE old."+m.id+" = $1 ON CONFLICT DO NOTHING", ids[0])
		for _, at := range m.times {
			conn.Rows("UPDATE "+table+" SET "+at+" = "+at+" - interval '6 days' WHERE "+m.id+" = ANY ($1)", ids)
		}
	}
	return func() {
		for _, m := range all {
			conn.Rows("DELETE FROM "+m.table+" WHERE "+m.id+" LIKE $1", ids[0]+"-%")
		}
	}
}

// findMemory tells whether a table is a memory with a row of that id.
func findMemory(conn *postgres.Conn, table, id string) (m memory, known bool) {
	m = memory{table: table}
	var into, from []string
	for _, column := range conn.Rows(`
		SELECT quote_ident(attname) AS name, format_type(atttypid, NULL) AS type, attidentity <> '' OR atthasdef AS filled
		FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, table) {
		name, kind := column["name"].(string), column["type"].(string)
		isText, isTime := kind == "text" || kind == "character varying", strings.HasPrefix(kind, "timestamp")
		if isTime {
			m.times = append(m.times, name)
		}
		fill := "old." + name
		switch {
		case column["filled"].(bool):
			continue
		case isTime:
			fill = "now()"
		case !isText:
			return memory{}, false
		case m.id == "" && conn.Int("SELECT count(*) FROM "+table+" WHERE "+name+" = $1", id) == 1:
			m.id, fill = name, fmt.Sprintf("old.%s || '-' || more.number", name)
		}
		into, from = append(into, name), append(from, fill)
	}
	m.into, m.from = strings.Join(into, ", "), strings.Join(from, ", ")
	return m, m.id != ""
}
