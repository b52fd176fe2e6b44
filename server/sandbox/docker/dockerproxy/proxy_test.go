package dockerproxy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"cnalab/server/sandbox/docker/dockerproxy"
)

var labels = map[string]string{"cnalab.sandbox": "abc", "cnalab.lab": "090-docker-image"}

// fakeEngine notes what reaches it. It has a container, a network, a volume
// and an image called mine, of the sandbox, and the same called theirs.
type fakeEngine struct {
	build http.HandlerFunc // what it does with a build; nothing where it is nil
	mu    sync.Mutex
	asked []asked
}

type asked struct {
	method, path string
	query        url.Values
	body         map[string]any
}

func (e *fakeEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen := asked{method: r.Method, path: r.URL.Path, query: r.URL.Query()}
	json.NewDecoder(r.Body).Decode(&seen.body)
	e.mu.Lock()
	e.asked = append(e.asked, seen)
	e.mu.Unlock()
	if e.build != nil && strings.HasSuffix(r.URL.Path, "/build") {
		e.build(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	lookup := r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "/v1.")
	switch {
	case !lookup:
	case strings.HasPrefix(r.URL.Path, "/exec/"):
		io.WriteString(w, `{"ID":"exec1","ContainerID":"`+strings.Split(r.URL.Path, "/")[2]+`"}`)
		return
	case strings.Contains(r.URL.Path, "/mine"):
		io.WriteString(w, `{"Id":"id-of-mine","Name":"mine","Labels":{"cnalab.sandbox":"abc"},
			"Config":{"Labels":{"cnalab.sandbox":"abc"},"ExposedPorts":{"8080/tcp":{}}}}`)
		return
	case strings.Contains(r.URL.Path, "/theirs"):
		io.WriteString(w, `{"Id":"id-of-theirs","Name":"theirs","Labels":{"cnalab.sandbox":"other"},"Config":{"Labels":{"cnalab.sandbox":"other"}}}`)
		return
	case strings.Contains(r.URL.Path, "/nobodys"):
		io.WriteString(w, `{"Id":"id-of-nobodys","Name":"nobodys","Labels":null,"Config":{"Labels":null}}`)
		return
	case r.URL.Path != "/_ping":
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"message":"No such thing"}`)
		return
	}
	io.WriteString(w, `{}`)
}

// last is the last request that was the client's.
func (e *fakeEngine) last(t *testing.T) asked {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.asked[len(e.asked)-1]
}

type stage struct {
	*fakeEngine
	workspace string
	client    http.Client
}

// open opens a docker proxy before a fake engine.
func open(t *testing.T) *stage {
	t.Helper()
	engine := &fakeEngine{}
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, "engine"))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: engine}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	workspace := t.TempDir()
	socket := filepath.Join(dir, "docker.sock")
	p, err := dockerproxy.Open(t.Context(), dockerproxy.Config{Engine: "unix://" + filepath.Join(dir, "engine"), Socket: socket,
		Labels: labels, Own: "cnalab.sandbox", Workspace: workspace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return &stage{fakeEngine: engine, workspace: workspace, client: through(socket)}
}

func through(socket string) http.Client {
	return http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", socket)
	}}}
}

// send makes a request and returns the status and the sentence.
func (s *stage) send(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://proxy"+path, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var output struct{ Message string }
	json.NewDecoder(resp.Body).Decode(&output)
	return resp.StatusCode, output.Message
}

func TestRefused(t *testing.T) {
	s := open(t)
	os.Symlink("/etc", filepath.Join(s.workspace, "etc"))
	create := func(host string) string { return `{"Image":"mine","HostConfig":{` + host + `}}` }
	for _, test := range []struct{ request, body, say string }{
		{"POST /v1.41/containers/create", create(`"Privileged":true`), "--privileged"},
		{"POST /v1.41/containers/create", `{"Image":"mine","hostconfig":{"privileged":true}}`, "--privileged"},
		{"POST /containers/create", create(`"Privileged":true`), "--privileged"},
		{"POST /v1.41/containers/create", create(`"CapAdd":["SYS_ADMIN"]`), "--cap-add"},
		{"POST /v1.41/containers/create", create(`"Devices":[{"PathOnHost":"/dev/sda"}]`), "--device"},
		{"POST /v1.41/containers/create", create(`"NetworkMode":"host"`), "--network host"},
		{"POST /v1.41/containers/create", create(`"PidMode":"host"`), "--pid host"},
		{"POST /v1.41/containers/create", create(`"IpcMode":"host"`), "--ipc host"},
		{"POST /v1.41/containers/create", create(`"PidMode":"container:theirs"`), "theirs does not belong to this lab"},
		{"POST /v1.41/containers/create", create(`"NetworkMode":"theirs"`), "The network theirs does not belong"},
		{"POST /v1.41/containers/create", create(`"SecurityOpt":["seccomp=unconfined"]`), "--security-opt"},
		{"POST /v1.41/containers/create", create(`"MaskedPaths":[]`), "systempaths"},
		{"POST /v1.41/containers/create", create(`"Binds":["/etc:/x"]`), "outside of it"},
		{"POST /v1.41/containers/create", create(`"Binds":["` + s.workspace + `/etc:/x"]`), "outside of it"},
		{"POST /v1.41/containers/create", create(`"Binds":["` + s.workspace + `/../x:/x"]`), "outside of it"},
		{"POST /v1.41/containers/create", create(`"Binds":["` + s.workspace + `:/x:rshared"]`), "rshared"},
		{"POST /v1.41/containers/create", create(`"Binds":["theirs:/x"]`), "The volume theirs does not belong"},
		{"POST /v1.41/containers/create", create(`"Mounts":[{"Type":"bind","Source":"/","Target":"/x"}]`), "outside of it"},
		{"POST /v1.41/containers/create", create(`"Mounts":[{"Type":"volume","Source":"v","VolumeOptions":{"DriverConfig":{"Options":{"device":"/"}}}}]`), "no options"},
		{"POST /v1.41/containers/create", create(`"VolumesFrom":["theirs:ro"]`), "The container theirs"},
		{"POST /v1.41/containers/create", create(`"PortBindings":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"80"}]}`), "127.0.0.1"},
		{"POST /v1.41/containers/create", create(`"Memory":4294967296`), "2 GiB"},
		{"POST /v1.41/containers/create", create(`"PidsLimit":-1`), "processes"},
		{"POST /v1.41/containers/create", create(`"NanoCpus":8000000000`), "processors"},
		{"POST /v1.41/containers/create", `{"Image":`, "cannot be read"},
		{"POST /v1.41/containers/mine/update", `{"Memory":4294967296}`, "2 GiB"},
		{"POST /v1.41/containers/mine/exec", `{"Privileged":true}`, "--privileged"},
		{"POST /v1.41/containers/theirs/stop", ``, "The container theirs"},
		{"POST /v1.41/containers/theirs/exec", `{}`, "The container theirs"},
		{"DELETE /v1.41/containers/nobodys", ``, "The container nobodys"},
		{"GET /v1.41/containers/theirs/json", ``, "The container theirs"},
		{"POST /v1.41/exec/theirs/start", `{}`, "The container theirs"},
		{"DELETE /v1.41/networks/theirs", ``, "The network theirs"},
		{"POST /v1.41/networks/mine/connect", `{"Container":"theirs"}`, "The container theirs"},
		{"POST /v1.41/networks/create", `{"Name":"x","Driver":"host"}`, "driver bridge"},
		{"POST /v1.41/networks/create", `{"Name":"x","Options":{"com.docker.network.bridge.name":"docker0"}}`, "no options"},
		{"DELETE /v1.41/volumes/theirs", ``, "The volume theirs"},
		{"POST /v1.41/volumes/create", `{"Name":"theirs"}`, "The volume theirs"},
		{"POST /v1.41/volumes/create", `{"Name":"v","DriverOpts":{"type":"none","o":"bind","device":"/"}}`, "no options"},
		{"DELETE /v1.41/images/nobodys", ``, "The image nobodys"},
		{"POST /v1.41/images/theirs/tag?repo=x", ``, "The image theirs"},
		{"POST /v1.41/images/mine/tag?repo=cnalab/go", ``, "images to build on"},
		{"POST /v1.41/images/mine/tag?repo=docker.io/cnalab/go", ``, "images to build on"},
		{"POST /v1.41/images/create?fromImage=alpine&tag=3", ``, "There is no image alpine:3 here"},
		{"POST /v1.41/images/create?fromSrc=-", ``, "takes none from elsewhere"},
		{"POST /v1.41/images/load", ``, "does not offer"},
		{"POST /v1.41/build?t=cnalab/base:12", ``, "images to build on"},
		{"POST /v1.41/build?version=2", ``, "DOCKER_BUILDKIT=0"},
		{"POST /v1.41/build?networkmode=host", ``, "--network"},
		{"POST /v1.41/build?remote=https://example.org/x.git", ``, "files of the workspace"},
		{"POST /v1.41/commit?container=theirs", ``, "The container theirs"},
		{"POST /v1.41/session", ``, "does not offer"},
		{"POST /grpc", ``, "does not offer"},
		{"GET /v1.41/swarm", ``, "does not offer"},
		{"POST /v1.41/plugins/pull", ``, "does not offer"},
		{"POST /v1.41/build/prune", ``, "does not offer"},
		{"POST /v1.23/containers/mine/start", `{"Privileged":true}`, "newer"},
		{"GET /v1.41//containers/json", ``, "not a path"},
	} {
		method, path, _ := strings.Cut(test.request, " ")
		before := len(s.asked)
		status, say := s.send(t, method, path, test.body)
		if status < 400 || !strings.Contains(say, test.say) {
			t.Errorf("%s %s: got %d %q, want a refusal with %q", test.request, test.body, status, say, test.say)
		}
		for _, a := range s.asked[before:] {
			if a.method != http.MethodGet || strings.HasPrefix(a.path, "/v1.") {
				t.Errorf("%s reached the engine as %s %s", test.request, a.method, a.path)
			}
		}
	}
}

func TestCreatedContainerIsLabelledAndBounded(t *testing.T) {
	s := open(t)
	folder := filepath.Join(s.workspace, "data")
	status, say := s.send(t, http.MethodPost, "/v1.41/containers/create?name=order", `{"Image":"mine","Labels":{"cnalab.sandbox":"forged","a":"b"},
		"HostConfig":{"Binds":["orders:/data","`+folder+`:/host:ro"],"PublishAllPorts":true,"NetworkMode":"mine",
		"PortBindings":{"9090/tcp":[{"HostIp":"","HostPort":"9090"}]},"Mounts":[{"Type":"volume","Target":"/nameless"}]}}`)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, say)
	}
	got := s.last(t)
	host := got.body["HostConfig"].(map[string]any)
	want := map[string]any{"Memory": 512. * (1 << 20), "NanoCpus": 1e9, "PidsLimit": 256., "PublishAllPorts": false}
	for key, value := range want {
		if host[key] != value {
			t.Errorf("%s: got %v, want %v", key, host[key], value)
		}
	}
	if l := got.body["Labels"].(map[string]any); l["cnalab.sandbox"] != "abc" || l["a"] != "b" || l["cnalab.lab"] != "090-docker-image" {
		t.Errorf("labels: %v", l)
	}
	for port, at := range map[string]string{"8080/tcp": "", "9090/tcp": "9090"} {
		bound := host["PortBindings"].(map[string]any)[port].([]any)[0].(map[string]any)
		if bound["HostIp"] != "127.0.0.1" || bound["HostPort"] != at {
			t.Errorf("%s is published on %v", port, bound)
		}
	}
	options := host["Mounts"].([]any)[0].(map[string]any)["VolumeOptions"].(map[string]any)
	if options["Labels"].(map[string]any)["cnalab.sandbox"] != "abc" {
		t.Errorf("the nameless volume has %v", options)
	}
	if got.path != "/v1.41/containers/create" || got.query.Get("name") != "order" {
		t.Errorf("got %s %v", got.path, got.query)
	}
	made := slices.IndexFunc(s.asked, func(a asked) bool { return a.path == "/volumes/create" })
	if made < 0 || s.asked[made].body["Name"] != "orders" || s.asked[made].body["Labels"].(map[string]any)["cnalab.sandbox"] != "abc" {
		t.Errorf("the volume was not made before: %+v", s.asked)
	}
}

func TestOwnIsPassedOnByID(t *testing.T) {
	s := open(t)
	for _, test := range []struct{ request, body, path string }{
		{"POST /v1.41/containers/mine/stop?t=3", ``, "/v1.41/containers/id-of-mine/stop"},
		{"POST /v1.41/containers/mine/start?checkpoint=x", `{"Privileged":true}`, "/v1.41/containers/id-of-mine/start"},
		{"DELETE /containers/mine?force=1", ``, "/containers/id-of-mine"},
		{"DELETE /v1.41/networks/mine", ``, "/v1.41/networks/id-of-mine"},
		{"POST /v1.41/networks/mine/connect", `{"Container":"mine"}`, "/v1.41/networks/id-of-mine/connect"},
		{"DELETE /v1.41/volumes/mine", ``, "/v1.41/volumes/mine"},
		{"DELETE /v1.41/images/mine", ``, "/v1.41/images/mine"},
		{"POST /v1.41/images/localhost:5000/mine/push?tag=1", ``, "/v1.41/images/localhost:5000/mine/push"},
		{"POST /v1.41/exec/mine/start", `{}`, "/v1.41/exec/exec1/start"},
		{"GET /v1.41/images/cnalab/base:12/json", ``, "/v1.41/images/cnalab/base:12/json"},
		{"POST /v1.41/images/create?fromImage=localhost:5000/order&tag=1", ``, "/v1.41/images/create"},
	} {
		method, path, _ := strings.Cut(test.request, " ")
		if status, say := s.send(t, method, path, test.body); status != http.StatusOK {
			t.Errorf("%s: got %d %s", test.request, status, say)
			continue
		}
		got := s.last(t)
		if got.method != method || got.path != test.path {
			t.Errorf("%s reached the engine as %s %s", test.request, got.method, got.path)
		}
		if got.query.Get("checkpoint") != "" || got.body["Privileged"] != nil {
			t.Errorf("%s: more was passed on than may be: %+v", test.request, got)
		}
		if method == http.MethodDelete && strings.Contains(path, "containers") && got.query.Get("v") != "1" {
			t.Errorf("the nameless volumes stay: %v", got.query)
		}
	}
}

func TestListsAreOfOnesOwn(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/v1.41/containers/json?all=1", "/v1.41/volumes", "/networks?filters=%7B%22label%22%3A%7B%22a%22%3Atrue%7D%7D",
		"/v1.41/events?filters=%7B%22label%22%3A%5B%22a%22%5D%7D"} {
		s.send(t, http.MethodGet, path, "")
		var filters map[string][]string
		if err := json.Unmarshal([]byte(s.last(t).query.Get("filters")), &filters); err != nil || !slices.Contains(filters["label"], "cnalab.sandbox=abc") {
			t.Errorf("%s: got %v, %v", path, filters, err)
		}
		if strings.Contains(path, "filters") && !slices.Contains(filters["label"], "a") {
			t.Errorf("%s: its own filter is lost: %v", path, filters)
		}
	}
	if status, _ := s.send(t, http.MethodPost, "/v1.41/images/prune?filters=nothing", ""); status != http.StatusBadRequest {
		t.Errorf("filters that are none: %d", status)
	}
}

func TestBuildIsLabelled(t *testing.T) {
	s := open(t)
	s.send(t, http.MethodPost, "/v1.41/build?t=order:1&rm=0&labels=%7B%22a%22%3A%22b%22%7D&cgroupparent=x&pull=1", "")
	got := s.last(t)
	var made map[string]string
	if err := json.Unmarshal([]byte(got.query.Get("labels")), &made); err != nil || made["cnalab.sandbox"] != "abc" || made["a"] != "b" {
		t.Errorf("labels: %v, %v", made, err)
	}
	for key, want := range map[string]string{"rm": "1", "forcerm": "1", "t": "order:1", "cgroupparent": "", "pull": "", "memory": "2147483648"} {
		if got.query.Get(key) != want {
			t.Errorf("%s: got %q, want %q", key, got.query.Get(key), want)
		}
	}
	s.send(t, http.MethodPost, "/v1.41/commit?container=mine&changes=LABEL+cnalab.sandbox%3Dforged", "{}")
	changes := s.last(t).query["changes"]
	if slices.Index(changes, `LABEL cnalab.sandbox="abc"`) <= slices.Index(changes, "LABEL cnalab.sandbox=forged") {
		t.Errorf("changes: %q", changes)
	}
}

func TestSocketIsOfThisAccountAndGoes(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, "docker.sock")
	config := dockerproxy.Config{Engine: "unix://" + filepath.Join(dir, "engine"), Socket: socket, Labels: labels, Own: "cnalab.sandbox", Workspace: dir}
	if _, err := dockerproxy.Open(t.Context(), config); err == nil {
		t.Error("a proxy was opened to an engine that is not there")
	}
	listener, err := net.Listen("unix", filepath.Join(dir, "engine"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go http.Serve(listener, &fakeEngine{})
	p, err := dockerproxy.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if p.Address() != "unix://"+socket {
		t.Errorf("its address is %s", p.Address())
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
	for _, far := range []string{"tcp://192.0.2.1:2375", "ssh://host", "", "unix://"} {
		config.Engine = far
		if _, err := dockerproxy.Open(t.Context(), config); err == nil {
			t.Errorf("a proxy was opened to %q", far)
		}
	}
}
