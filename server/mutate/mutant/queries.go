package mutant

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
)

// queries are faults of SQL.
var queries = []operator{query}

var sql = regexp.MustCompile(`(?is)^[\x60"]\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER)\s`)

// isQuery reports whether a Go literal is a statement of SQL.
func isQuery(literal string) bool { return sql.MatchString(literal) }

// clause is a part of a statement that can be left out.
type clause struct {
	kind string
	at   *regexp.Regexp
}

// Names and types of SQL contain no parenthesis that these patterns would have
// to count, but those of CHECK and REFERENCES, which hold one pair.
var clauses = []clause{
	{"lock dropped", regexp.MustCompile(`(?i)\s+FOR\s+(NO\s+KEY\s+)?(UPDATE|SHARE)(\s+(SKIP\s+LOCKED|NOWAIT))?`)},
	{"skip locked dropped", regexp.MustCompile(`(?i)\s+(SKIP\s+LOCKED|NOWAIT)`)},
	{"order dropped", regexp.MustCompile(`(?i)\s+ORDER\s+BY\s+[\w.]+(\s+(ASC|DESC))?(\s*,\s*[\w.]+(\s+(ASC|DESC))?)*`)},
	{"limit dropped", regexp.MustCompile(`(?i)\s+LIMIT\s+[$\w]+`)},
	{"conflict not handled", regexp.MustCompile(`(?is)\s+ON\s+CONFLICT\b[^;]*?(DO\s+NOTHING|DO\s+UPDATE\s+SET\s+.*$)`)},
	{"constraint dropped", regexp.MustCompile(`(?i)\s+(PRIMARY\s+KEY|UNIQUE|NOT\s+NULL)\b(\s*\([^)]*\))?`)},
	{"constraint dropped", regexp.MustCompile(`(?i)\s+CHECK\s*\([^)]*\)`)},
	{"constraint dropped", regexp.MustCompile(`(?i)\s+REFERENCES\s+\w+(\s*\([^)]*\))?`)},
	{"default dropped", regexp.MustCompile(`(?i)\s+DEFAULT\s+[\w']+(\(\))?`)},
}

func query(s *scene, n ast.Node) {
	literal, ok := n.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING || !isQuery(literal.Value) {
		return
	}
	for _, e := range queryFaults(literal.Value) {
		at := s.file.offset(literal.Pos())
		s.propose(e.kind, literal, apply(literal.Value, 0, []edit{e.edit}), edit{at + e.from, at + e.to, e.text})
	}
}

type queryFault struct {
	kind string
	edit
}

// queryFaults are the faults of one literal, at offsets in it.
func queryFaults(literal string) []queryFault {
	var faults []queryFault
	for _, c := range clauses {
		for _, at := range c.at.FindAllStringIndex(literal, -1) {
			faults = append(faults, queryFault{c.kind, edit{at[0], at[1], " "}})
		}
	}
	return append(faults, terms(literal)...)
}

var (
	where   = regexp.MustCompile(`(?i)\bWHERE\s+`)
	between = regexp.MustCompile(`(?i)\s+AND\s+`)
	behind  = regexp.MustCompile(`(?i)\s+(ORDER\s+BY|GROUP\s+BY|LIMIT|FOR\s+(UPDATE|SHARE|NO)|RETURNING|ON\s+CONFLICT)\b|[;)\x60"]`)
)

// terms has each term of a WHERE hold always. It stays written, so that a
// parameter that only it names keeps its type.
func terms(literal string) []queryFault {
	var faults []queryFault
	for _, at := range where.FindAllStringIndex(literal, -1) {
		end := len(literal) - 1
		if found := behind.FindStringIndex(literal[at[1]:]); found != nil {
			end = at[1] + found[0]
		}
		from := at[1]
		for _, gap := range append(between.FindAllStringIndex(literal[at[1]:end], -1), []int{end - at[1], end - at[1]}) {
			to := at[1] + gap[0]
			term := literal[from:to]
			if strings.TrimSpace(term) != "" && strings.Count(term, "(") == strings.Count(term, ")") {
				faults = append(faults, queryFault{"term of a WHERE dropped", edit{from, to, "(" + strings.TrimSpace(term) + " OR TRUE)"}})
			}
			from = at[1] + gap[1]
		}
	}
	return faults
}
