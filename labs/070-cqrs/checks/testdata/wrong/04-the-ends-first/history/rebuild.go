package main

import (
	"context"
	"fmt"
	"net/http"

	"shop/event"
	"shop/service"
)

// postRebuild empties the view. The positions go with it, so the projection begins at the
// first event again.
func (p *projection) postRebuild(w http.ResponseWriter, r *http.Request) {
	// One statement: no event is applied between one table and the next.
	if _, err := p.db.Exec(r.Context(), "TRUNCATE positions, pages, lines"); err != nil {
		service.Fail(w, r, "empty the view", err)
		return
	}
	p.follower.Restart()
	w.WriteHeader(http.StatusAccepted)
}

// getLag answers with how many events of the log are not in the view yet: {"lag": 12}.
func (p *projection) getLag(w http.ResponseWriter, r *http.Request) {
	lag, err := p.lag(r.Context())
	if err != nil {
		service.Fail(w, r, "find lag", err)
		return
	}
	service.Answer(w, http.StatusOK, map[string]int64{"lag": lag})
}

func (p *projection) lag(ctx context.Context) (int64, error) {
	ends, err := event.Ends(ctx, p.kafka)
	if err != nil {
		return 0, err
	}
	var done int64
	err = p.db.QueryRow(ctx, "SELECT COALESCE(sum(next), 0)::bigint FROM positions").Scan(&done)
	if err != nil {
		return 0, fmt.Errorf("read positions: %w", err)
	}
	var all int64
	for _, end := range ends {
		all += end
	}
	return max(all-done, 0), nil
}
