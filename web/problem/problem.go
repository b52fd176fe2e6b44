package problem

import (
	"context"
	"strings"

	"cnalab/web/words"
)

// short reports whether the lines need no folding.
func short(lines string) bool { return strings.Count(lines, "\n") < 12 }

// back is where to go from here.
func (p Problem) back(ctx context.Context) Link {
	if p.Back.URL == "" {
		return Link{Label: words.In(ctx).Lab.ToCatalogue, URL: "/"}
	}
	return p.Back
}
