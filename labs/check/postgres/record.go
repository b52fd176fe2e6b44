package postgres

import (
	"crypto/rand"
	"regexp"
	"strings"
	"time"

	"cnalab/labs/check"
)

// Statement is one that a server has logged.
type Statement struct {
	Role, Database string
	Application    string // its application_name; "[unknown]" where it gave none
	SQL            string
}

// Recording is a stretch of the log of a Postgres part that has `statements: true`.
type Recording struct {
	c     *check.C
	part  string
	conn  *Conn
	begin string
}

const (
	recordLines = 2000            // as many as the sandbox keeps
	logTimeout  = 5 * time.Second // until a line that was logged is there
)

// Record begins a stretch of the part's log, in which statements of all its roles
// are; the service is one whose database the part has.
func Record(c *check.C, part, service string) *Recording {
	c.Helper()
	r := &Recording{c: c, part: part, conn: Open(c, service)}
	r.begin = r.mark()
	return r
}

// mark sends a statement that nobody else sends, and returns it.
func (r *Recording) mark() string {
	r.c.Helper()
	statement := "SELECT 'check " + rand.Text() + "'"
	r.conn.Rows(statement)
	return statement
}

// Statements are those that were sent since it began, up to now, without the
// check's own marks. One that is sent at this moment may be among them.
func (r *Recording) Statements() (all []Statement) {
	r.c.Helper()
	end := r.mark()
	var found []Statement
	if !r.c.Within(logTimeout, func() bool {
		found = Parse(r.c.Logged(r.part, recordLines))
		return index(found, end) >= 0
	}) || index(found, r.begin) < 0 {
		r.c.CouldNotCheck(check.Finding{
			Say:  "The log of " + r.part + " does not have all statements that the check waits for.",
			Next: "Check again: many statements in a short time may push others out of the log.",
		})
	}
	return found[index(found, r.begin)+1 : index(found, end)]
}

func index(all []Statement, sql string) int {
	for i, s := range all {
		if s.SQL == sql {
			return i
		}
	}
	return -1
}

var (
	// entry is a line that begins an entry of the log, with the prefix that the
	// sandbox gives it.
	entry = regexp.MustCompile(`^\S+ \S+ \S+ \[\d+\] user=([^,]*),db=([^,]*),app=(.*?) ([A-Z]+[0-9]?):  (.*)$`)
	// sent is what such an entry says of a statement, in both of the protocol's ways.
	sent = regexp.MustCompile(`(?s)^(?:statement|execute [^:]*): (.*)$`)
)

// Parse reads statements from the lines of a log. A statement of several lines
// goes on in lines that begin with a tab.
func Parse(lines []string) (all []Statement) {
	var open Statement
	text := ""
	finish := func() {
		if found := sent.FindStringSubmatch(text); found != nil {
			open.SQL = strings.TrimSpace(found[1])
			all = append(all, open)
		}
		text = ""
	}
	for _, line := range lines {
		if more, goesOn := strings.CutPrefix(line, "\t"); goesOn {
			text += "\n" + more
			continue
		}
		finish()
		if head := entry.FindStringSubmatch(line); head != nil && head[4] == "LOG" {
			open, text = Statement{Role: head[1], Database: head[2], Application: head[3]}, head[5]
		}
	}
	finish()
	return all
}
