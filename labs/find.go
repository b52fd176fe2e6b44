package labs

import (
	"fmt"
	"strings"
)

// Find returns the lab that a person named by id (event-driven), number (040,
// 40) or folder (040-event-driven), else a *Problem that lists what there is.
func Find(all []*Lab, name string) (*Lab, error) {
	for _, lab := range all {
		if name == lab.ID || name == lab.Folder || name != "" && sameNumber(name, lab.Number) {
			return lab, nil
		}
	}
	var names []string
	for _, lab := range all {
		names = append(names, lab.Folder)
	}
	next := "There are no labs in the labs folder; name another with --labs DIR."
	if len(names) > 0 {
		next = "Choose one of " + strings.Join(names, ", ") + "."
	}
	return nil, &Problem{Kind: NotFound, Say: fmt.Sprintf("There is no lab %q.", name), Next: next}
}

func sameNumber(name, number string) bool {
	return strings.Trim(name, "0123456789") == "" &&
		strings.TrimLeft(name, "0") == strings.TrimLeft(number, "0")
}
