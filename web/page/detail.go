package page

import "strings"

// short reports whether the lines need no folding.
func short(lines string) bool { return strings.Count(lines, "\n") < 12 }
