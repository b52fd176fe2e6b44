package gallery

import "strings"

// anchor is the exhibit's name as an id.
func (e Exhibit) anchor() string { return "x-" + strings.ReplaceAll(e.Name, "/", "-") }
