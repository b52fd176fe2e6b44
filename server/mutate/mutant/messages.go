package mutant

import (
	"go/ast"
	"strings"
)

// messages are faults of what goes over Kafka and HTTP.
var messages = []operator{commitFirst, acknowledged, status}

// commitFirst moves the commit of an offset to before the work.
func commitFirst(s *scene, n ast.Node) {
	block, ok := n.(*ast.BlockStmt)
	if !ok {
		return
	}
	for i, statement := range block.List {
		if !strings.Contains(s.source(statement), "CommitMessages(") || i < 2 {
			continue
		}
		if _, nested := statement.(*ast.ForStmt); nested {
			continue
		}
		for before := 1; before < i; before++ { // behind whatever fetches
			work := block.List[before]
			at := s.file.offset(work.Pos())
			s.propose("offset committed before the work", statement, s.source(statement)+" before "+s.source(work),
				edit{at, at, s.source(statement) + "\n"}, edit{s.file.offset(statement.Pos()), s.file.offset(statement.End()), ""})
		}
	}
}

// acknowledged lowers how many brokers must have a message.
func acknowledged(s *scene, n ast.Node) {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return
	}
	switch s.source(selector) {
	case "kafka.RequireAll", "kafka.RequireOne":
		s.replace("acks lowered", selector, "kafka.RequireNone")
	}
}

// status answers with another status.
func status(s *scene, n ast.Node) {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return
	}
	name := s.source(selector)
	switch {
	case !strings.HasPrefix(name, "http.Status") || name == "http.StatusText":
	case strings.HasPrefix(name, "http.StatusOK"), name == "http.StatusCreated", name == "http.StatusAccepted", name == "http.StatusNoContent":
		s.replace("status changed", selector, "http.StatusInternalServerError")
	default:
		s.replace("status changed", selector, "http.StatusOK")
	}
}
