package translate

import (
	"maps"
	"regexp"
	"strconv"
	"strings"
)

// directive is a place of a format where an argument goes: flags, an index, width
// and precision, an index, a verb.
var directive = regexp.MustCompile(`%[-+# 0]*(?:\[(\d+)\])?\d*(?:\.\d+)?(?:\[(\d+)\])?([a-zA-Z%])`)

// verbs are the verbs of a format by the number of their argument, from 1.
func verbs(format string) map[int]string {
	all, next := map[int]string{}, 1
	for _, found := range directive.FindAllStringSubmatch(format, -1) {
		if found[3] == "%" {
			continue
		}
		if index, err := strconv.Atoi(found[1] + found[2]); err == nil {
			next = index
		}
		if before := all[next]; !strings.Contains(before, found[3]) {
			all[next] = before + found[3]
		}
		next++
	}
	return all
}

// Fits reports whether a translation shows each argument of the English once or
// more, by the same verb, and no other.
func Fits(english, translation string) bool {
	wanted := verbs(english)
	return len(wanted) == 0 || maps.Equal(wanted, verbs(translation))
}
