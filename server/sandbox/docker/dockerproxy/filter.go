package dockerproxy

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// filtered lists, or clears away, the sandbox's own alone.
func (p *Proxy) filtered(w http.ResponseWriter, r *http.Request) error {
	filters, err := parseFilters(r.URL.Query().Get("filters"))
	if err != nil {
		return err
	}
	filters["label"] = append(filters["label"], p.config.Own+"="+p.config.Labels[p.config.Own])
	return p.withFilters(w, r, filters)
}

// images lists the sandbox's own, and those that all labs build on. The engine
// has no filter that would say "or".
func (p *Proxy) images(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	filters, err := parseFilters(query.Get("filters"))
	if err != nil {
		return err
	}
	text, err := p.written(filters)
	if err != nil {
		return err
	}
	query.Set("filters", text)
	var all []json.RawMessage
	if err := p.request(r.Context(), http.MethodGet, version(r.Context())+"/images/json?"+query.Encode(), nil, &all); err != nil {
		return err
	}
	shown, err := json.Marshal(slices.DeleteFunc(all, func(image json.RawMessage) bool { return !p.shows(image) }))
	if err != nil {
		return err
	}
	if p.config.Name != "" {
		shown = bytes.ReplaceAll(shown, []byte(p.config.Name+"/"), nil)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(shown)
	return nil
}

// shows reports whether a lab sees an image of the list.
func (p *Proxy) shows(image json.RawMessage) bool {
	var listed struct {
		Labels   map[string]string
		RepoTags []string
	}
	if json.Unmarshal(image, &listed) != nil {
		return false
	}
	return p.ours(object{Labels: listed.Labels}) ||
		slices.ContainsFunc(listed.RepoTags, func(name string) bool { return strings.HasPrefix(name, shared) })
}

// naming are the filters whose values are names, of which any may match.
var naming = map[string]string{"ancestor": anImage, "reference": anImage, "image": anImage, "network": aNetwork, "volume": aVolume, "container": aContainer}

func (p *Proxy) withFilters(w http.ResponseWriter, r *http.Request, filters map[string][]string) error {
	text, err := p.written(filters)
	if err != nil {
		return err
	}
	return p.with(w, r, func(query map[string][]string) { query["filters"] = []string{text} })
}

// written are filters as the engine reads them, with its names for what the
// sandbox names.
func (p *Proxy) written(filters map[string][]string) (string, error) {
	for key, kind := range naming {
		for _, name := range filters[key] {
			if own := p.named(kind, name); own != name {
				filters[key] = append(filters[key], own)
			}
		}
	}
	text, err := json.Marshal(filters)
	return string(text), err
}

// parseFilters reads both ways in which clients write them: {"label": ["a=b"]}
// and {"label": {"a=b": true}}.
func parseFilters(text string) (map[string][]string, error) {
	filters := map[string][]string{}
	if text == "" || json.Unmarshal([]byte(text), &filters) == nil {
		return filters, nil
	}
	filters = map[string][]string{}
	var older map[string]map[string]bool
	if err := json.Unmarshal([]byte(text), &older); err != nil {
		return nil, &refusal{http.StatusBadRequest, "The filters cannot be read: " + err.Error()}
	}
	for key, values := range older {
		for value := range values {
			filters[key] = append(filters[key], value)
		}
	}
	return filters, nil
}
