package dockerproxy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// The kinds of objects that bear labels.
const (
	aContainer = "container"
	aNetwork   = "network"
	aVolume    = "volume"
	anImage    = "image"
)

// object is what the engine says of one, whatever its kind.
type object struct {
	ID     string `json:"Id"`
	Name   string
	Labels map[string]string
	Config struct {
		Labels       map[string]string
		ExposedPorts map[string]struct{}
	}
}

// inspect asks the engine for an object by the engine's name for it.
func (p *Proxy) inspect(ctx context.Context, kind, name string) (object, error) {
	where := "/" + kind + "s/" + strings.ReplaceAll(url.PathEscape(name), "%2F", "/")
	if kind == aContainer || kind == anImage {
		where += "/json"
	}
	var found object
	err := p.request(ctx, http.MethodGet, where, nil, &found)
	return found, err
}

// own finds an object of this sandbox.
func (p *Proxy) own(ctx context.Context, kind, name string) (object, error) {
	found, err := p.find(ctx, kind, name)
	if err != nil {
		return object{}, err
	}
	if !p.ours(found) {
		return object{}, forbidden("The %s %s does not belong to this lab.", kind, name)
	}
	return found, nil
}

func (p *Proxy) ours(o object) bool {
	labels := o.Labels
	if o.Config.Labels != nil {
		labels = o.Config.Labels
	}
	return labels[p.config.Own] == p.config.Labels[p.config.Own]
}

// labelled returns the labels with the sandbox's own over them.
func (p *Proxy) labelled(labels map[string]string) map[string]string {
	all := maps.Clone(labels)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, p.config.Labels)
	return all
}

// request asks the engine something of the proxy's own.
func (p *Proxy) request(ctx context.Context, method, path string, content, out any) error {
	text, err := json.Marshal(content)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://engine"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := p.engine.Do(req)
	if err != nil {
		return fmt.Errorf("ask the engine: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		var output struct{ Message string }
		json.NewDecoder(resp.Body).Decode(&output)
		return &refusal{resp.StatusCode, output.Message}
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

func (p *Proxy) ping(ctx context.Context) error {
	return p.request(ctx, http.MethodGet, "/_ping", nil, nil)
}
