package folder

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"cnalab/labs"
)

// Whatever a page names, it is a file below the workspace, or refused in a
// sentence that can be shown.
func FuzzInside(f *testing.F) {
	for _, seed := range []string{"order/main.go", "../x", "/etc/passwd", "a//b", ".", "", ".git/config", "a/.cnalab-x", "con", `a\b`, "a\x00b", strings.Repeat("가", 40), "\xff\xfe", "a/./b", "C:/x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		inside, err := Inside(name)
		if err == nil && (!filepath.IsLocal(filepath.FromSlash(inside)) || Own(filepath.Base(inside)) || inside == ".") {
			t.Errorf("%q is taken for %q", name, inside)
		}
		for _, err := range []error{err, Portable(name)} {
			if p, ok := errors.AsType[*labs.Problem](err); ok && (!utf8.ValidString(p.Say) || p.Next == "") {
				t.Errorf("of %q it says %q", name, p.Say)
			}
		}
	})
}
