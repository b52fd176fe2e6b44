package dockerproxy

import (
	"context"
	"net/http"
	"path"
	"regexp"
	"strconv"
)

// oldest is the first version of the API that is let through: in those before
// 1.24 a container could be given another configuration when it was started.
const oldest = 40

var versionPath = regexp.MustCompile(`^/v1\.(\d+)(/.*)$`)

type versionKey struct{}

func version(ctx context.Context) string {
	v, _ := ctx.Value(versionKey{}).(string)
	return v
}

// versioned takes the API's version off the path, and keeps it for the engine.
func versioned(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path.Clean(r.URL.Path) {
			refuse(w, forbidden("%s is not a path of the engine.", r.URL.Path))
			return
		}
		if parts := versionPath.FindStringSubmatch(r.URL.Path); parts != nil {
			if minor, err := strconv.Atoi(parts[1]); err != nil || minor < oldest {
				refuse(w, forbidden("This lab speaks version 1.%d of the engine's API and newer. Unset DOCKER_API_VERSION.", oldest))
				return
			}
			r = r.WithContext(context.WithValue(r.Context(), versionKey{}, "/v1."+parts[1]))
			u := *r.URL
			u.Path, u.RawPath = parts[2], ""
			r.URL = &u
		}
		next.ServeHTTP(w, r)
	})
}

// handler answers a request, or says why not.
type handler func(w http.ResponseWriter, r *http.Request) error

// routes are all that may be asked: what is not here is refused.
func (p *Proxy) routes() http.Handler {
	mux := http.NewServeMux()
	on := func(pattern string, h handler) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := h(w, r); err != nil {
				refuse(w, err)
			}
		})
	}
	for _, open := range []string{"GET /_ping", "HEAD /_ping", "GET /version", "GET /info", "POST /auth",
		"GET /images/search"} {
		on(open, p.pass)
	}
	for _, listed := range []string{"GET /events", "GET /containers/json", "GET /networks", "GET /volumes",
		"POST /containers/prune", "POST /networks/prune", "POST /volumes/prune", "POST /images/prune"} {
		on(listed, p.filtered)
	}
	p.containerRoutes(on)
	p.networkRoutes(on)
	p.imageRoutes(on)
	on("/", func(_ http.ResponseWriter, r *http.Request) error {
		return forbidden("The engine of this lab does not offer %s %s.", r.Method, r.URL.Path)
	})
	return mux
}

func (p *Proxy) containerRoutes(on func(string, handler)) {
	on("POST /containers/create", p.create)
	for _, verb := range []string{"GET json", "GET top", "GET logs", "GET changes", "GET export", "GET stats", "GET attach/ws",
		"GET archive", "HEAD archive", "PUT archive",
		"POST stop", "POST restart", "POST kill", "POST pause", "POST unpause",
		"POST resize", "POST attach", "POST wait"} {
		on(verbPattern("containers", verb), p.onContainer)
	}
	on("POST /containers/{id}/start", p.start)
	on("POST /containers/{id}/rename", p.rename)
	on("POST /containers/{id}/update", p.update)
	on("POST /containers/{id}/exec", p.exec)
	on("DELETE /containers/{id}", p.removeContainer)
	for _, verb := range []string{"GET json", "POST start", "POST resize"} {
		on(verbPattern("exec", verb), p.onExec)
	}
	on("POST /commit", p.commit)
}

func (p *Proxy) networkRoutes(on func(string, handler)) {
	on("POST /networks/create", p.createNetwork)
	on("GET /networks/{id}", p.onNetwork)
	on("DELETE /networks/{id}", p.onNetwork)
	on("POST /networks/{id}/connect", p.connect)
	on("POST /networks/{id}/disconnect", p.disconnect)
	on("POST /volumes/create", p.createVolume)
	on("GET /volumes/{id}", p.onVolume)
	on("DELETE /volumes/{id}", p.onVolume)
}

func (p *Proxy) imageRoutes(on func(string, handler)) {
	on("POST /build", p.build)
	on("GET /images/json", p.images)
	on("POST /images/create", p.pull)
	on("GET /images/{name...}", p.inspectImage)
	on("POST /images/{name...}", p.onImage)
	on("DELETE /images/{name...}", p.removeImage)
}
