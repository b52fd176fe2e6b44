package grade

import (
	"path/filepath"
	"slices"
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
		labs.EnvPassEnvironment + "=" + strings.Join(names, " "),
	}
}

// keptBy is what keeps the learner's code away from the checks. What a lab builds
// for an engine or a cluster, and its services there, run in containers; the
// checks of such a lab start none of the learner's programs themselves.
func (r *runner) keptBy() labs.Isolation {
	contained := slices.Contains(r.Environment, labs.EnvSandbox+"=docker") || slices.Contains(r.Environment, labs.EnvSandbox+"=kind")
	runsThere := slices.ContainsFunc(r.Lab.Parts, func(p labs.Part) bool {
		return p.Kind == labs.KindService || p.Kind == labs.KindDocker || p.Kind == labs.KindKubernetes
	})
	if contained && runsThere {
		return labs.ByContainer
	}
	return labs.Isolation(process.Isolates())
}
