package dockerproxy

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/moby/moby/api/types/container"
)

// onContainer lets through what is asked of a container of the sandbox.
func (p *Proxy) onContainer(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r.Context(), aContainer, r.PathValue("id"))
	if err != nil {
		return err
	}
	_, verb, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/containers/"), "/")
	return p.to(w, r, "/containers/"+own.ID+"/"+verb)
}

// start passes on no body and no checkpoint, with which a container could be
// started as another than it was created.
func (p *Proxy) start(w http.ResponseWriter, r *http.Request) error {
	keys := r.URL.Query().Get("detachKeys")
	u := *r.URL
	u.RawQuery = url.Values{"detachKeys": {keys}}.Encode()
	r.URL, r.Body, r.ContentLength = &u, http.NoBody, 0
	return p.onContainer(w, r)
}

// removeContainer has the engine remove a container's nameless volumes with it:
// they bear no label, and nobody could find them.
func (p *Proxy) removeContainer(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r.Context(), aContainer, r.PathValue("id"))
	if err != nil {
		return err
	}
	u := *r.URL
	u.Path, u.RawPath = "/containers/"+own.ID, ""
	r.URL = &u
	return p.with(w, r, func(query map[string][]string) {
		if query["link"] == nil {
			query["v"] = []string{"1"}
		}
	})
}

func (p *Proxy) rename(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r.Context(), aContainer, r.PathValue("id"))
	if err != nil {
		return err
	}
	u := *r.URL
	u.Path, u.RawPath = "/containers/"+own.ID+"/rename", ""
	r.URL = &u
	return p.with(w, r, func(query map[string][]string) { query["name"] = []string{p.named(aContainer, u.Query().Get("name"))} })
}

func (p *Proxy) update(w http.ResponseWriter, r *http.Request) error {
	var wanted container.UpdateConfig
	if err := decode(r, &wanted); err != nil {
		return err
	}
	if err := checkLimits(&wanted.Resources); err != nil {
		return err
	}
	if err := body(r, wanted); err != nil {
		return err
	}
	return p.onContainer(w, r)
}

func (p *Proxy) exec(w http.ResponseWriter, r *http.Request) error {
	var wanted container.ExecCreateRequest
	if err := decode(r, &wanted); err != nil {
		return err
	}
	if wanted.Privileged {
		return forbidden("A privileged command could leave its container, so this lab does not run one. Leave out --privileged.")
	}
	if err := body(r, wanted); err != nil {
		return err
	}
	return p.onContainer(w, r)
}

// onExec lets through what is asked of a command in a container of the sandbox.
func (p *Proxy) onExec(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	var command struct{ ID, ContainerID string }
	if err := p.request(r.Context(), http.MethodGet, "/exec/"+url.PathEscape(id)+"/json", nil, &command); err != nil {
		return err
	}
	if _, err := p.own(r.Context(), aContainer, command.ContainerID); err != nil {
		return err
	}
	verb := r.URL.Path[strings.LastIndex(r.URL.Path, "/"):]
	return p.to(w, r, "/exec/"+command.ID+verb)
}

// commit makes an image of a container; the sandbox's labels come last, and so
// stand.
func (p *Proxy) commit(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	own, err := p.own(r.Context(), aContainer, query.Get("container"))
	if err == nil {
		err = free(query.Get("repo"))
	}
	if err != nil {
		return err
	}
	return p.with(w, r, func(query map[string][]string) {
		query["container"] = []string{own.ID}
		if repo := query["repo"]; repo != nil {
			query["repo"] = []string{p.named(anImage, repo[0])}
		}
		query["changes"] = append(query["changes"], p.labelLines()...)
	})
}

// labelLines are the sandbox's labels as a Dockerfile writes them.
func (p *Proxy) labelLines() (lines []string) {
	for key, value := range p.config.Labels {
		text, _ := json.Marshal(value)
		lines = append(lines, "LABEL "+key+"="+string(text))
	}
	return lines
}
