package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// patience is how long a page waits for its parts.
const patience = 400 * time.Millisecond

// places are where the services have their parts of the page of an order.
var places = []struct{ service, path string }{{"order", "/orders/"}, {"product", "/products/of/"}, {"delivery", "/deliveries/"}}

// page answers with all that is known of an order.
type page struct {
	ways map[string]http.RoundTripper // to the services, by name
}

// part is what one service says of the order.
type part struct {
	status int
	body   json.RawMessage
}

func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := p.ask(r)
	if parts["order"].status == http.StatusNotFound {
		http.NotFound(w, r)
		return
	}
	whole, missing := map[string]any{}, []string{}
	for _, at := range places {
		if parts[at.service].status != http.StatusOK {
			missing = append(missing, at.service)
			continue
		}
		whole[at.service] = parts[at.service].body
	}
	whole["missing"] = missing
	if err := json.NewEncoder(w).Encode(whole); err != nil {
		slog.Warn("answer", "err", err)
	}
}

// ask asks all services at once, and waits for them no longer than it has patience.
func (p page) ask(r *http.Request) map[string]part {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	var mu sync.Mutex
	var asked sync.WaitGroup
	parts := map[string]part{}
	for _, at := range places {
		asked.Go(func() {
			got, err := p.fetch(ctx, at.service, at.path+url.PathEscape(r.PathValue("order")))
			if err != nil {
				slog.Warn("ask for a part of the page", "of", at.service, "err", err)
			}
			mu.Lock()
			defer mu.Unlock()
			parts[at.service] = got
		})
	}
	asked.Wait()
	return parts
}

// fetch asks one service.
func (p page) fetch(ctx context.Context, name, path string) (part, error) {
	out, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+name+path, nil)
	if err != nil {
		return part{}, err
	}
	response, err := p.ways[name].RoundTrip(out)
	if err != nil {
		return part{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return part{}, err
	}
	if response.StatusCode == http.StatusOK && !json.Valid(body) {
		return part{}, fmt.Errorf("the answer is no JSON: %.80q", body)
	}
	return part{response.StatusCode, body}, nil
}
