package process

import (
	"strconv"
	"strings"
)

// Sweep ends what programs that are dead have left, as after kill -9: every
// process with an env tag of that name or in a cgroup of theirs, and all that
// descends from it. What cannot be ended stays; nothing tells of it.
func Sweep(name string) {
	sweepCgroups()
	for pid := range table() {
		for _, variable := range environment(pid) {
			if value, ok := strings.CutPrefix(variable, name+"="); ok {
				if owner, ok := taggedBy(value); ok && owner.Gone() {
					(&Tree{EnvTag: envTagOf(name, owner)}).Kill()
				}
			}
		}
	}
}

// taggedBy returns who gave the env tag of that value.
func taggedBy(value string) (Identity, bool) {
	owner, _, whole := strings.Cut(value, "/")
	number, start, _ := strings.Cut(owner, ":")
	pid, err := strconv.Atoi(number)
	return Identity{PID: pid, Start: start}, whole && err == nil
}
