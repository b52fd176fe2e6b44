package process

import (
	"strconv"
	"strings"
	"time"
)

// Sweep ends what programs that are dead have left, as after kill -9: every
// process with an env tag of that name or in a cgroup of theirs, and all that
// descends from it. What cannot be ended stays; nothing tells of it. A shell
// that was hung up with its terminal has so long to tidy up.
func Sweep(name string, wait time.Duration) {
	sweepCgroups()
	for ends := time.Now().Add(wait); len(abandoned(name)) > 0 && time.Now().Before(ends); {
		time.Sleep(50 * time.Millisecond)
	}
	for owner := range abandoned(name) {
		(&Tree{EnvTag: envTagOf(name, owner)}).Kill()
	}
}

// abandoned are those who gave env tags of that name to programs that run
// still, and are dead.
func abandoned(name string) map[Identity]bool {
	owners := map[Identity]bool{}
	for pid := range table() {
		for _, variable := range environment(pid) {
			if value, ok := strings.CutPrefix(variable, name+"="); ok {
				if owner, ok := taggedBy(value); ok && owner.Gone() {
					owners[owner] = true
				}
			}
		}
	}
	return owners
}

// taggedBy returns who gave the env tag of that value.
func taggedBy(value string) (Identity, bool) {
	owner, _, whole := strings.Cut(value, "/")
	number, start, _ := strings.Cut(owner, ":")
	pid, err := strconv.Atoi(number)
	return Identity{PID: pid, Start: start}, whole && err == nil
}
