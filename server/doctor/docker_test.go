package doctor

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cnalab/fixtures/images"
)

// talk is what an engine says of itself.
type talk struct {
	api      string
	info     map[string]any
	images   []string // that it has
	registry bool     // it can reach one
}

// engineAt has an engine answer on a socket, and makes it this process's own.
func engineAt(t *testing.T, say talk) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("an engine on Windows listens on a pipe")
	}
	dir, err := os.MkdirTemp("", "doctor") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(say)
	server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	t.Setenv("DOCKER_HOST", "unix://"+socket)
	t.Setenv("DOCKER_API_VERSION", "")
}

func (say talk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Api-Version", say.api)
	path := r.URL.Path
	switch {
	case strings.HasSuffix(path, "/_ping"):
		w.Write([]byte("OK"))
	case strings.HasSuffix(path, "/info"):
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(say.info)
	case strings.Contains(path, "/images/"):
		for _, name := range say.images {
			if strings.Contains(path, "/images/"+name+"/") {
				w.Header().Set("Content-Type", "application/json")
				w.Write([]byte("{}"))
				return
			}
		}
		http.Error(w, `{"message":"no such image"}`, http.StatusNotFound)
	case strings.Contains(path, "/distribution/") && say.registry:
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte("{}"))
	default:
		http.Error(w, `{"message":"dial tcp: no such host"}`, http.StatusInternalServerError)
	}
}

func healthy() talk {
	var all []string
	for _, row := range images.Table {
		all = append(all, row.Name)
	}
	return talk{api: "1.41", registry: true, images: all, info: map[string]any{
		"ServerVersion": "20.10.24", "CgroupVersion": "2", "MemTotal": 64 << 30, "MemoryLimit": true, "PidsLimit": true, "DockerRootDir": "/",
		"OperatingSystem": "Docker Desktop", "SecurityOptions": []string{"name=seccomp,profile=default"}}}
}

// but is the healthy engine with something else about it.
func but(change func(*talk)) talk {
	say := healthy()
	change(&say)
	return say
}

func line(findings []Finding, name string) Finding {
	for _, f := range findings {
		if f.Name == name {
			return f
		}
	}
	return Finding{}
}

func TestEachThingOfAnEngineIsALine(t *testing.T) {
	config := Config{NeedEngine: []string{"090", "110"}}
	tests := []struct {
		name  string
		say   talk
		line  string
		state State
		words string
	}{
		{"it is there", healthy(), "Docker", Good, "20.10.24, API 1.41; labs 090, 110 need one, the others do not"},
		{"too old", but(func(s *talk) { s.api = "1.40" }), "Docker", Lacking, "too old"},
		{"root's", healthy(), "rootless", Good, "root"},
		{"rootless", but(func(s *talk) { s.info["SecurityOptions"] = []string{"name=rootless"} }), "rootless", Note, "ordinary user"},
		{"rootless, old groups", but(func(s *talk) { s.info["SecurityOptions"], s.info["CgroupVersion"] = []string{"name=rootless"}, "1" }), "rootless", Lacking, "no cluster"},
		{"new groups", healthy(), "control groups", Good, "version 2"},
		{"old groups", but(func(s *talk) { s.info["CgroupVersion"] = "1" }), "control groups", Good, "version 1"},
		{"no groups", but(func(s *talk) { s.info["CgroupDriver"], s.info["MemoryLimit"] = "none", false }), "control groups", Lacking, "paused"},
		{"no limits", but(func(s *talk) { s.info["MemoryLimit"] = false }), "control groups", Lacking, "without limits"},
		{"much memory", healthy(), "clusters", Good, "memory carries 89"},
		{"little memory", but(func(s *talk) { s.info["MemTotal"] = 1 << 30 }), "clusters", Lacking, "carries none"},
		{"a disk elsewhere", healthy(), "engine's disk", Note, "docker system df"},
		{"watches elsewhere", healthy(), "watches of nodes", Note, "engine's own machine"},
		{"all images", healthy(), "images", Good, "all 8"},
		{"an image lacks", but(func(s *talk) { s.images = s.images[1:] }), "images", Lacking, "1 of 8 are not here: " + images.Kafka},
		{"a registry", healthy(), "registry", Good, "reachable"},
		{"no registry", but(func(s *talk) { s.registry = false }), "registry", Note, "not reachable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			engineAt(t, tt.say)
			findings := docker(t.Context(), config)
			f := line(findings, tt.line)
			if f.State != tt.state || !strings.Contains(f.Say, tt.words) {
				t.Errorf("got %+v; want %s with %q", f, tt.state, tt.words)
			}
			for _, f := range findings {
				if f.State == Lacking && f.Fix == "" {
					t.Errorf("%s has no fix", f.Name)
				}
			}
			if !Healthy(findings) {
				t.Error("an engine is needed by all")
			}
		})
	}
}

// An archive has no tasks: whoever wants images is sent to where they are.
func TestTasksAreNamedWhereTheyAre(t *testing.T) {
	engineAt(t, but(func(s *talk) { s.images, s.registry = nil, false }))
	for _, archive := range []bool{true, false} {
		findings := docker(t.Context(), Config{Archive: archive})
		for _, name := range []string{"images", "registry"} {
			f := line(findings, name)
			if !strings.Contains(f.Fix, "go tool task images:offline") || strings.HasPrefix(f.Fix, "In the project's repository: ") != archive {
				t.Errorf("%s, with an archive %v: %q", name, archive, f.Fix)
			}
		}
	}
}

func TestNoEngineIsALineWithItsFix(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+filepath.Join(t.TempDir(), "none"))
	findings := docker(t.Context(), Config{})
	if len(findings) != 1 || findings[0].State != Lacking || findings[0].Fix == "" || !strings.Contains(findings[0].Say, "no lab that is written needs one") {
		t.Errorf("got %+v", findings)
	}
	if !Healthy(findings) {
		t.Error("no engine is a failure")
	}
}

// On this machine's own engine the disk and the watches are looked at.
func TestEngineOfThisMachine(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the engine has a machine of its own")
	}
	engineAt(t, but(func(s *talk) { s.info["OperatingSystem"] = "Debian GNU/Linux 12" }))
	findings := docker(t.Context(), Config{})
	if f := line(findings, "engine's disk"); f.State == Note || !strings.Contains(f.Say, "free at /") {
		t.Errorf("disk: %+v", f)
	}
	if f := line(findings, "watches of nodes"); f.State == Note || !strings.Contains(f.Say, "instances") {
		t.Errorf("watches: %+v", f)
	}
}
