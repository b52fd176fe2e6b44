//go:build lab

package checks

import (
	"fmt"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

const bySmallLetter = "Start its name with a lower-case letter, and add a method that reads it."

// isClosed looks for fields of these types, and for variables, that others can
// set. What a variable is that the step names, and an error, does no harm.
func isClosed(c *check.C, p *gomod.Package, types ...string) {
	for _, e := range p.Exports {
		of, name, _ := strings.Cut(e.Name, ".")
		if e.Kind == "field" && slices.Contains(types, of) {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("Any code can set %s.%s without calling a method.", of, name), Got: "an exported field",
				Want: "an unexported field: its name starts with a lower-case letter", At: e.At, Next: bySmallLetter,
			})
		}
		if e.Kind == "var" && e.Shape != "error" && e.Shape != "Status" {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("Any code can set the variable %s of package %s.", e.Name, p.Name), Got: "an exported variable",
				Want: "an unexported variable: its name starts with a lower-case letter", At: e.At, Next: bySmallLetter,
			})
		}
	}
}

// hidesFields looks for fields that others can set, also those of a struct that
// is embedded.
func hidesFields(c *gomod.Child, types ...string) {
	for _, of := range types {
		for _, field := range c.FieldsOf(of) {
			if _, short, _ := strings.Cut(of, "."); !field.Embedded {
				c.NotYet(check.Finding{
					Say: fmt.Sprintf("Any code can set %s.%s without calling a method.", short, field.Name), Got: "an exported field",
					Want: "an unexported field: its name starts with a lower-case letter", Next: bySmallLetter,
				})
			}
		}
	}
}
