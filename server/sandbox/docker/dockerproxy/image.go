package dockerproxy

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// shared is how the names of the images begin that all labs build on.
const shared = "cnalab/"

// free refuses a name that would take one of the shared images' away.
func free(name string) error {
	for _, registry := range []string{"docker.io/", "index.docker.io/"} {
		name = strings.TrimPrefix(name, registry)
	}
	if strings.HasPrefix(name, shared) {
		return forbidden("The names that begin with %s are those of the images to build on. Call your image something else.", shared)
	}
	return nil
}

// buildParameters are those that may be asked of a build.
var buildParameters = []string{"t", "dockerfile", "q", "nocache", "buildargs", "target", "labels", "networkmode", "memory", "version", "extrahosts"}

// build makes an image that bears the sandbox's labels. The containers in which
// it is made bear none, so each is removed as soon as it has ended.
func (p *Proxy) build(w http.ResponseWriter, r *http.Request) error {
	asked := r.URL.Query()
	if asked.Get("version") == "2" || asked.Get("remote") != "" {
		return forbidden("This lab builds from files of the workspace, with the engine's own builder. Set DOCKER_BUILDKIT=0.")
	}
	for _, name := range asked["t"] {
		if err := free(name); err != nil {
			return err
		}
	}
	if mode := asked.Get("networkmode"); mode != "" && mode != "default" && mode != "none" {
		return forbidden("A build in this lab has no network of its own. Leave out --network.")
	}
	query := url.Values{}
	for _, name := range buildParameters {
		if values := asked[name]; len(values) > 0 {
			query[name] = values
		}
	}
	var labels map[string]string
	if text := asked.Get("labels"); text != "" && json.Unmarshal([]byte(text), &labels) != nil {
		return &refusal{http.StatusBadRequest, "The labels cannot be read."}
	}
	for i, name := range query["t"] {
		query["t"][i] = p.named(anImage, name)
	}
	text, err := json.Marshal(p.labelled(labels))
	if err != nil {
		return err
	}
	query.Set("labels", string(text))
	query.Set("rm", "1")
	query.Set("forcerm", "1")
	if memory, _ := strconv.ParseInt(query.Get("memory"), 10, 64); memory <= 0 || memory > maxMemory {
		query.Set("memory", strconv.Itoa(maxMemory))
	}
	p.rewriteDockerfile(r)
	u := *r.URL
	u.RawQuery = query.Encode()
	r.URL = &u
	if asked.Get("finish") == "1" {
		return p.finish(w, r)
	}
	return p.pass(w, r)
}

// finish has a build go on though who asked for it has gone, so that its steps
// are in the cache when they ask again: a step that is cut leaves nothing.
func (p *Proxy) finish(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), finishLimit)
	defer cancel()
	defer context.AfterFunc(p.life, cancel)()
	return p.pass(deaf{w}, r.WithContext(ctx))
}

// finishLimit bounds a build for which nobody waits.
const finishLimit = 10 * time.Minute

// deaf takes all that is written, also where nobody listens any more.
type deaf struct{ http.ResponseWriter }

func (d deaf) Write(p []byte) (int, error) {
	_, _ = d.ResponseWriter.Write(p)
	return len(p), nil
}

// Unwrap is for the flush after each line.
func (d deaf) Unwrap() http.ResponseWriter { return d.ResponseWriter }

// pull brings images from a registry on this machine alone: what comes from
// elsewhere bears no label, and would stay.
func (p *Proxy) pull(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	from := query.Get("fromImage")
	host, _, _ := strings.Cut(from, "/")
	if u, err := url.Parse("//" + host); query.Get("fromSrc") != "" || err != nil || !strings.Contains(from, "/") || !loopback(u.Hostname()) {
		name := strings.TrimPrefix(strings.TrimPrefix(from, "docker.io/"), "library/")
		return forbidden("There is no image %s here, and this lab takes none from elsewhere. Build on cnalab/base:12, cnalab/go:1.26 or scratch.",
			strings.TrimSuffix(name+":"+query.Get("tag"), ":"))
	}
	return p.pass(w, r)
}

// inspectImage lets everybody look at every image.
func (p *Proxy) inspectImage(w http.ResponseWriter, r *http.Request) error {
	verb := lastPart(r.PathValue("name"))
	if !slices.Contains([]string{"json", "history", "get"}, verb) {
		return forbidden("The engine of this lab does not offer %s %s.", r.Method, r.URL.Path)
	}
	name := strings.TrimSuffix(r.PathValue("name"), "/"+verb)
	return p.to(w, r, "/images/"+p.image(r.Context(), name)+"/"+verb)
}

// onImage pushes and tags images of the sandbox.
func (p *Proxy) onImage(w http.ResponseWriter, r *http.Request) error {
	verb := lastPart(r.PathValue("name"))
	name := strings.TrimSuffix(r.PathValue("name"), "/"+verb)
	if verb != "push" && verb != "tag" {
		return forbidden("The engine of this lab does not offer %s %s.", r.Method, r.URL.Path)
	}
	if _, err := p.own(r.Context(), anImage, withTag(name, r.URL.Query().Get("tag"), verb)); err != nil {
		return err
	}
	repo := r.URL.Query().Get("repo")
	if err := free(repo); err != nil {
		return err
	}
	u := *r.URL
	u.Path, u.RawPath = "/images/"+p.image(r.Context(), name)+"/"+verb, ""
	r.URL = &u
	return p.with(w, r, func(query map[string][]string) {
		if repo != "" {
			query["repo"] = []string{p.named(anImage, repo)}
		}
	})
}

// withTag is the image that is pushed: its tag is not in the path.
func withTag(name, tag, verb string) string {
	if verb == "push" && tag != "" {
		return name + ":" + tag
	}
	return name
}

func (p *Proxy) removeImage(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.own(r.Context(), anImage, r.PathValue("name")); err != nil {
		return err
	}
	return p.to(w, r, "/images/"+p.image(r.Context(), r.PathValue("name")))
}

func lastPart(path string) string { return path[strings.LastIndex(path, "/")+1:] }
