package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

type page struct{ ways map[string]http.RoundTripper }

type got struct {
	name   string
	status int
	body   []byte
}

func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 350*time.Millisecond)
	defer cancel()
	order := url.PathEscape(r.PathValue("order"))
	from := map[string]string{"delivery": "http://delivery/deliveries/" + order, "order": "http://order/orders/" + order, "product": "http://product/products/of/" + order}
	all := make(chan got, len(from))
	for name, at := range from {
		go func() { all <- p.one(ctx, name, at) }()
	}
	out := struct {
		Order    json.RawMessage `json:"order,omitempty"`
		Product  json.RawMessage `json:"product,omitempty"`
		Delivery json.RawMessage `json:"delivery,omitempty"`
		Missing  []string        `json:"missing"`
	}{Missing: []string{}}
	places := map[string]*json.RawMessage{"order": &out.Order, "product": &out.Product, "delivery": &out.Delivery}
	for range from {
		g := <-all
		if g.name == "order" && g.status == http.StatusNotFound {
			http.NotFound(w, r)
			return
		}
		if g.status != http.StatusOK || !json.Valid(g.body) {
			out.Missing = append(out.Missing, g.name)
			continue
		}
		*places[g.name] = g.body
	}
	answer(w, http.StatusOK, out)
}

func (p page) one(ctx context.Context, name, at string) got {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return got{name: name}
	}
	response, err := (&http.Client{Transport: p.ways[name]}).Do(r)
	if err != nil {
		return got{name: name}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return got{name: name}
	}
	return got{name, response.StatusCode, body}
}
