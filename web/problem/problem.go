package problem

import (
	"context"

	"cnalab/web/words"
)

// back is where to go from here.
func (p Problem) back(ctx context.Context) Link {
	if p.Back.URL == "" {
		return Link{Label: words.In(ctx).Lab.ToCatalogue, URL: "/"}
	}
	return p.Back
}
