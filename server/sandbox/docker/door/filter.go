package door

import (
	"encoding/json"
	"net/http"
)

// filtered lists, or clears away, the sandbox's own alone.
func (d *Door) filtered(w http.ResponseWriter, r *http.Request) error {
	filters, err := parseFilters(r.URL.Query().Get("filters"))
	if err != nil {
		return err
	}
	filters["label"] = append(filters["label"], d.config.Own+"="+d.config.Labels[d.config.Own])
	return d.withFilters(w, r, filters)
}

// images lists those of all, as everybody builds on some.
func (d *Door) images(w http.ResponseWriter, r *http.Request) error {
	filters, err := parseFilters(r.URL.Query().Get("filters"))
	if err != nil {
		return err
	}
	return d.withFilters(w, r, filters)
}

// naming are the filters whose values are names, of which any may match.
var naming = map[string]string{"ancestor": anImage, "reference": anImage, "image": anImage, "network": aNetwork, "volume": aVolume, "container": aContainer}

func (d *Door) withFilters(w http.ResponseWriter, r *http.Request, filters map[string][]string) error {
	for key, kind := range naming {
		for _, name := range filters[key] {
			if own := d.named(kind, name); own != name {
				filters[key] = append(filters[key], own)
			}
		}
	}
	text, err := json.Marshal(filters)
	if err != nil {
		return err
	}
	return d.with(w, r, func(query map[string][]string) { query["filters"] = []string{string(text)} })
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
