package grade

import (
	"path/filepath"
	"strings"

	"cnalab/labs"
	"cnalab/labs/process"
)

// isolation tells the check process how to keep the learner's programs away
// from it: what they must not see, and what they are told.
func (r *runner) isolation() []string {
	config := r.grader.config
	hides := append([]string{config.Root, config.Cache, r.Lab.Dir}, config.Hides...)
	var names []string
	for _, variable := range r.Environment {
		name, _, _ := strings.Cut(variable, "=")
		names = append(names, name)
	}
	return []string{
		process.EnvLevel + "=" + string(process.Isolates()),
		labs.EnvHides + "=" + strings.Join(hides, string(filepath.ListSeparator)),
		labs.EnvTold + "=" + strings.Join(names, " "),
	}
}
