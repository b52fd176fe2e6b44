package docker

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"cnalab/labs/check"
)

// Container is one container, as the engine says it is.
type Container struct {
	ID    string `json:"Id"`
	Name  string
	Image string // the image's ID
	Path  string // of the program it was started with
	Args  []string
	State struct {
		Status   string // "running", "exited", …
		Running  bool
		ExitCode int
		Health   *struct {
			Status string // "starting", "healthy", "unhealthy"
			Log    []struct{ Output string }
		}
	}
	Mounts          []Mount
	Config          json.RawMessage
	HostConfig      json.RawMessage
	NetworkSettings struct {
		Ports    map[string][]struct{ HostIP, HostPort string }
		Networks map[string]struct{ Aliases []string }
	}

	d *Client
}

// Mount is where a container's folder really is.
type Mount struct {
	Type        string // "volume", "bind", "tmpfs"
	Name        string // of a volume
	Destination string
	RW          bool
}

// Container looks a container up by its name or ID; false where there is none.
func (d *Client) Container(name string) (*Container, bool) {
	d.c.Helper()
	found := &Container{d: d}
	if no := d.call(http.MethodGet, "/containers/"+url.PathEscape(name)+"/json", nil, found); no != nil {
		return nil, false
	}
	found.Name = strings.TrimPrefix(found.Name, "/")
	return found, true
}

// HealthConfig is how often a container's health is looked at, and not how; 0
// is the engine's own.
type HealthConfig struct {
	Interval, Timeout, StartPeriod int64 // nanoseconds
	Retries                        int
}

// Start runs a container of the image, with the port published, and returns
// it as it is when it has started. It is removed with the check.
func (d *Client) Start(image, port string, health *HealthConfig) *Container {
	d.c.Helper()
	config := published(image, port)
	if health != nil {
		config["Healthcheck"] = health
	}
	return d.start(d.create("", config))
}

// StartReadOnly runs a container of the image, as Start does, that may write
// nowhere but to one folder and to its volumes. Those are in memory, start no
// programs, and are root's, so the container runs as root. Nor does /dev start
// any, which is writable in every container.
func (d *Client) StartReadOnly(image Image, port, folder string) *Container {
	d.c.Helper()
	config := published(image.ID, port)
	config["User"] = "0:0"
	host, memory := config["HostConfig"].(map[string]any), map[string]string{folder: "mode=1777", "/dev": "noexec,nosuid,dev,mode=755"}
	for volume := range image.Config.Volumes {
		memory[path.Clean(volume)] = "mode=1777"
	}
	host["ReadonlyRootfs"], host["Tmpfs"] = true, memory
	return d.start(d.create("", config))
}

// StartIn runs a container of the image in the network.
func (d *Client) StartIn(image, network string) *Container {
	d.c.Helper()
	return d.start(d.create("", map[string]any{"Image": image, "HostConfig": map[string]any{"NetworkMode": network}}))
}

func published(image, port string) map[string]any {
	return map[string]any{
		"Image": image, "ExposedPorts": map[string]any{port: struct{}{}},
		"HostConfig": map[string]any{"PortBindings": map[string]any{port: []map[string]string{{"HostIp": "127.0.0.1"}}}},
	}
}

// create makes a container that is removed with the check; a name is for one
// that is to stay.
func (d *Client) create(name string, config any) (id string) {
	d.c.Helper()
	var made struct{ ID string }
	path := "/containers/create"
	if name != "" {
		path += "?name=" + name
	}
	d.must(http.MethodPost, path, config, &made)
	if name == "" {
		d.discard("/containers/" + made.ID + "?force=1&v=1")
	}
	return made.ID
}

// start ends the check as not yet where the image has nothing to start.
func (d *Client) start(id string) *Container {
	d.c.Helper()
	if no := d.call(http.MethodPost, "/containers/"+id+"/start", nil, nil); no != nil {
		d.c.NotYet(check.Finding{Say: "A container of the image does not start.", Got: no.message, At: "Dockerfile",
			Next: "Look at CMD or ENTRYPOINT: it names a program that has to be in the image, by its whole path."})
	}
	return d.inspect(id)
}

// inspect looks at a container that has to be there.
func (d *Client) inspect(id string) *Container {
	d.c.Helper()
	found, ok := d.Container(id)
	if !ok {
		d.c.CouldNotCheck(check.Finding{Say: "A container went away while it was looked at.", Next: "Check again."})
	}
	return found
}

// Inspect looks at the container as it is now.
func (t *Container) Inspect() *Container { t.d.c.Helper(); return t.d.inspect(t.ID) }

// Env is a variable of the container, or otherwise where it has none.
func (t *Container) Env(name, otherwise string) string {
	var config struct{ Env []string }
	_ = json.Unmarshal(t.Config, &config) // what the engine sent as an object
	return env(config.Env, name, otherwise)
}

// MountOf is the mount in which the folder lies; false where it lies in the
// container's own layer.
func (t *Container) MountOf(folder string) (of Mount, found bool) {
	for _, m := range t.Mounts {
		inside := m.Destination == "/" || folder == m.Destination || strings.HasPrefix(folder, m.Destination+"/")
		if inside && len(m.Destination) >= len(of.Destination) {
			of, found = m, true
		}
	}
	return of, found
}

// Address is where the container's port is published, HOST:PORT; "" where it
// is not.
func (t *Container) Address(port string) string {
	for _, at := range t.NetworkSettings.Ports[port] {
		if at.HostPort != "" {
			return "127.0.0.1:" + at.HostPort
		}
	}
	return ""
}

// Users are the numbers of the users that the container's processes run as,
// outside of it: in an engine without root's rights those are others than
// within.
func (t *Container) Users() []string {
	t.d.c.Helper()
	var top processes
	t.d.must(http.MethodGet, "/containers/"+t.ID+"/top?ps_args="+url.QueryEscape("-eo pid,uid"), nil, &top)
	return top.column("UID")
}

// Commands are what the container's processes were started with, a line each;
// none where it has ended.
func (t *Container) Commands() []string {
	t.d.c.Helper()
	var top processes
	_ = t.d.call(http.MethodGet, "/containers/"+t.ID+"/top?ps_args="+url.QueryEscape("-eo pid,args"), nil, &top)
	return top.column("COMMAND")
}

// processes is the engine's table of what runs in a container.
type processes struct {
	Titles    []string
	Processes [][]string
}

func (p processes) column(title string) (values []string) {
	column := slices.Index(p.Titles, title)
	for _, process := range p.Processes {
		if column >= 0 && column < len(process) {
			values = append(values, process[column])
		}
	}
	return values
}

// Signal sends a signal to the container's first process: "STOP", "KILL".
func (t *Container) Signal(name string) {
	t.d.c.Helper()
	t.d.must(http.MethodPost, "/containers/"+t.ID+"/kill?signal="+name, nil, nil)
}

// Replace removes the container, as a crash of its machine would, and starts
// another with the same image, options and name. What was written into the
// first one's own layer is gone.
func (t *Container) Replace() *Container {
	d := t.d
	d.c.Helper()
	config := map[string]any{}
	d.c.Must(json.Unmarshal(t.Config, &config), "The container's configuration cannot be read.")
	delete(config, "Hostname")
	config["HostConfig"] = pick(t.HostConfig, "Binds", "Mounts", "Tmpfs", "VolumesFrom", "PortBindings", "NetworkMode", "RestartPolicy",
		"ReadonlyRootfs", "Memory", "PublishAllPorts", "Links", "ExtraHosts", "CapDrop", "Init")
	ends := map[string]any{}
	for name, end := range t.NetworkSettings.Networks {
		ends[name] = map[string]any{"Aliases": end.Aliases}
	}
	d.must(http.MethodDelete, "/containers/"+t.ID+"?force=1&v=1", nil, nil)
	id := d.create(t.Name, config)
	for name, end := range ends { // one that it is created with is joined again in vain
		d.call(http.MethodPost, "/networks/"+name+"/connect", map[string]any{"Container": id, "EndpointConfig": end}, nil)
	}
	return d.start(id)
}

// pick takes those fields of an object that are not empty.
func pick(object json.RawMessage, names ...string) map[string]any {
	all, kept := map[string]any{}, map[string]any{}
	_ = json.Unmarshal(object, &all) // what the engine sent as an object
	for _, name := range names {
		if all[name] != nil {
			kept[name] = all[name]
		}
	}
	return kept
}
