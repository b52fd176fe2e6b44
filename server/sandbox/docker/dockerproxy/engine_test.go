package dockerproxy_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"cnalab/fixtures/images"
	"cnalab/fixtures/require"
	"cnalab/server/sandbox/docker/dockerproxy"
)

const engineSocket = "/var/run/docker.sock"

// client is the docker program, behind a docker proxy before the machine's engine.
type client struct {
	*testing.T
	env       []string
	workspace string
	record    string
	dangling  *dockerproxy.DanglingImages
}

// behind opens a docker proxy, and removes at the end what was made.
func behind(t *testing.T) *client { return called(t, strings.ToLower(rand.Text()[:8])) }

// called is behind, with a name of the sandbox's own.
func called(t *testing.T, name string) *client {
	t.Helper()
	if err := exec.Command("docker", "image", "inspect", images.Base).Run(); err != nil {
		require.Missing(t, "docker", "no engine has "+images.Base+": "+err.Error())
	}
	c := &client{T: t, workspace: t.TempDir(), record: "proxy-" + name}
	socket := filepath.Join(t.TempDir(), "docker.sock")
	c.dangling = dockerproxy.DanglingIn(filepath.Join(t.TempDir(), "new", "left"))
	t.Cleanup(func() { c.dangling.Remove(context.Background(), "unix://"+engineSocket, 0) })
	p, err := dockerproxy.Open(t.Context(), dockerproxy.Config{Engine: "unix://" + engineSocket, Socket: socket, Workspace: c.workspace, Dangling: c.dangling, Name: name,
		Labels: map[string]string{"cnalab.sandbox": c.record}, Own: "cnalab.sandbox"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	t.Cleanup(c.sweep)
	c.env = append(os.Environ(), "DOCKER_HOST="+p.Address(), "DOCKER_BUILDKIT=0", "DOCKER_CONFIG="+t.TempDir())
	return c
}

// sweep removes the sandbox's things by their labels, past the proxy, and so
// shows that they bear them.
func (c *client) sweep() {
	for _, kind := range [][2]string{{"ps -aq", "rm -fv"}, {"network ls -q", "network rm"}, {"volume ls -q", "volume rm -f"}, {"images -q", "rmi -f"}} {
		list := append(strings.Fields(kind[0]), "--filter", "label=cnalab.sandbox="+c.record)
		out, _ := exec.Command("docker", list...).Output()
		if ids := strings.Fields(string(out)); len(ids) > 0 {
			exec.Command("docker", append(strings.Fields(kind[1]), ids...)...).Run()
		}
	}
}

func (c *client) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "docker", args...)
	cmd.Env, cmd.WaitDelay = c.env, time.Second
	return cmd
}

// docker runs the command and returns what it printed.
func (c *client) docker(args ...string) string {
	c.Helper()
	out, err := c.try("", args...)
	if err != nil {
		c.Fatalf("docker %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

func (c *client) try(input string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(c.Context(), 60*time.Second)
	defer cancel()
	cmd := c.command(ctx, args...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestEngineRunsBehindTheProxy(t *testing.T) {
	c := behind(t)
	if got := c.docker("run", "--rm", images.Base, "echo", "hello"); got != "hello" {
		t.Errorf("run: %q", got)
	}
	if got, err := c.try("to the end", "run", "-i", "--rm", images.Base, "cat"); err != nil || got != "to the end" {
		t.Errorf("run -i: %q, %v", got, err)
	}
	c.docker("network", "create", "shop")
	c.docker("run", "-d", "--name", "order", "--network", "shop", "-v", "orders:/data", "-v", "/nameless", "-p", "8080", images.Base, "sleep", "60")
	if got := c.docker("port", "order", "8080"); !strings.HasPrefix(got, "127.0.0.1:") {
		t.Errorf("port: %q", got)
	}
	if got := c.docker("ps", "--format", "{{.Names}}"); got != "order" {
		t.Errorf("ps: %q", got)
	}
	if got := c.docker("volume", "ls", "--format", "{{.Name}}"); got != "orders" {
		t.Errorf("volume ls: %q", got)
	}
	if got := c.docker("network", "ls", "--format", "{{.Name}}"); got != "shop" {
		t.Errorf("network ls: %q", got)
	}
	if got, err := c.try("typed\n", "exec", "-i", "order", "sh", "-c", "cat > /data/x; cat /data/x"); err != nil || got != "typed\n" {
		t.Errorf("exec -i: %q, %v", got, err)
	}
	if got := c.docker("run", "--rm", "--network", "shop", images.Base, "ping", "-c1", "order"); !strings.Contains(got, "1 packets received") {
		t.Errorf("another container does not find order by its name: %s", got)
	}
	c.docker("cp", "order:/data/x", filepath.Join(c.workspace, "x"))
	c.docker("rm", "-f", "order")
	nameless, _ := exec.Command("docker", "volume", "ls", "-q", "--filter", "dangling=true").Output()
	if before := c.docker("run", "--rm", "-v", "orders:/data", images.Base, "cat", "/data/x"); before != "typed" {
		t.Errorf("the volume: %q", before)
	}
	if strings.Count(string(nameless), "\n") > 0 && strings.Contains(string(nameless), c.record) {
		t.Errorf("left: %s", nameless)
	}
}

func TestEngineTerminal(t *testing.T) {
	c := behind(t)
	c.docker("run", "-d", "--name", "shell", images.Base, "sleep", "60")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	terminal, err := pty.StartWithSize(c.command(ctx, "exec", "-it", "shell", "sh"), &pty.Winsize{Rows: 30, Cols: 90})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	io.WriteString(terminal, "echo $((6*7)); stty size; exit\n")
	out, _ := io.ReadAll(terminal)
	if !bytes.Contains(out, []byte("42\r\n")) {
		t.Errorf("got %q", out)
	}
}

func TestEngineFollowsLogsAndAttaches(t *testing.T) {
	c := behind(t)
	c.docker("run", "-d", "-i", "--name", "talk", images.Base, "sh", "-c", `echo begin; while read line && [ $line != end ]; do echo "heard $line"; done`)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	logs := c.command(ctx, "logs", "-f", "talk")
	var followed bytes.Buffer
	logs.Stdout = &followed
	if err := logs.Start(); err != nil {
		t.Fatal(err)
	}
	attach := c.command(ctx, "attach", "talk")
	input, _ := attach.StdinPipe()
	output, _ := attach.StdoutPipe()
	if err := attach.Start(); err != nil {
		t.Fatal(err)
	}
	io.WriteString(input, "one\n")
	// It is read before the end: the engine forgets what is said while a container ends.
	if answers := bufio.NewScanner(output); !answers.Scan() || answers.Text() != "heard one" {
		t.Errorf("attach: %q", answers.Text())
	}
	io.WriteString(input, "end\n")
	if err := attach.Wait(); err != nil {
		t.Errorf("attach: %v", err)
	}
	if err := logs.Wait(); err != nil { // it ends with the container
		t.Errorf("logs -f: %v", err)
	}
	if followed.String() != "begin\nheard one\n" {
		t.Errorf("logs -f: %q", followed.String())
	}
}

func TestEngineBuilds(t *testing.T) {
	c := behind(t)
	os.WriteFile(filepath.Join(c.workspace, "Dockerfile"), []byte("FROM "+images.Base+"\nRUN echo built > /built\nCMD [\"cat\", \"/built\"]\n"), 0o644)
	if out := c.docker("build", "-t", "proxy-built:1", c.workspace); !strings.Contains(out, "Successfully tagged proxy-built:1") {
		t.Errorf("build: %s", out)
	}
	if got := c.docker("run", "--rm", "proxy-built:1"); got != "built" {
		t.Errorf("got %q", got)
	}
	if got := c.docker("image", "inspect", "-f", `{{index .Config.Labels "cnalab.sandbox"}}`, "proxy-built:1"); got != c.record {
		t.Errorf("the image bears %q", got)
	}
	c.docker("tag", "proxy-built:1", "proxy-built:2")
	c.docker("rmi", "proxy-built:1", "proxy-built:2")
	os.WriteFile(filepath.Join(c.workspace, "Dockerfile"), []byte("FROM "+images.Base+"\nRUN sleep 1; false\n"), 0o644)
	if out, err := c.try("", "build", c.workspace); err == nil {
		t.Errorf("a build that fails: %s", out)
	}
}

// goesOn builds on an image of the sandbox's own.
func (c *client) goesOn() {
	c.Helper()
	dockerfile := "FROM order:1 AS first\nFROM " + images.Base + "\nCOPY --from=first /who /first\nCOPY --from=order:1 /who /second\nCMD [\"cat\", \"/first\", \"/second\"]\n"
	os.WriteFile(filepath.Join(c.workspace, "Second"), []byte(dockerfile), 0o644)
	if out := c.docker("build", "-f", filepath.Join(c.workspace, "Second"), "-t", "second", c.workspace); !strings.Contains(out, "FROM order:1 AS first") {
		c.Errorf("build: %s", out)
	}
	if got, want := c.docker("run", "--rm", "second"), c.record+"\n"+c.record; got != want {
		c.Errorf("got %q, want %q", got, want)
	}
	c.docker("rmi", "second")
}

// Two sandboxes of one lab use the same names, and neither sees the other's.
func TestNamesAreOnesOwn(t *testing.T) {
	both := []*client{behind(t), behind(t)}
	for _, c := range both {
		dockerfile := "FROM " + images.Base + "\nRUN echo " + c.record + " > /who\nCMD [\"sleep\", \"60\"]\n"
		os.WriteFile(filepath.Join(c.workspace, "Dockerfile"), []byte(dockerfile), 0o644)
		if out := c.docker("build", "-t", "order:1", c.workspace); !strings.HasSuffix(out, "Successfully tagged order:1") {
			t.Errorf("build: %s", out)
		}
		c.docker("network", "create", "shop")
		c.docker("run", "-d", "--name", "order", "--network", "shop", "-v", "orders:/data", "order:1")
		c.docker("run", "-d", "--name", "first", "order:1")
		c.docker("network", "connect", "shop", "first")
	}
	for _, c := range both {
		c.seesItsOwn()
	}
}

func (c *client) seesItsOwn() {
	c.Helper()
	for _, test := range [][2]string{
		{"exec order cat /who", c.record},
		{"run --rm --network shop " + images.Base + " ping -c1 -W2 order", "1 packets received"},
		{"run --rm --network shop " + images.Base + " ping -c1 -W2 first", "1 packets received"},
		{"ps --filter name=order --format {{.Names}}={{.Image}}", "order=order:1"},
		{"network ls --format {{.Name}}", "shop"},
		{"volume ls --format {{.Name}}", "orders"},
		{"images order --format {{.Repository}}:{{.Tag}}", "order:1"},
		{"images --format {{.Repository}}:{{.Tag}} --filter since=" + images.Base + " --filter label=cnalab.sandbox", "order:1"},
		{"images --format {{.Repository}}:{{.Tag}} " + images.Base, images.Base},
		{"inspect -f {{.HostConfig.NetworkMode}}{{.HostConfig.Binds}}{{.Config.Image}}{{.Name}} order", "shop[orders:/data]order:1/order"},
	} {
		if got := c.docker(strings.Fields(test[0])...); got != test[1] && !(strings.HasPrefix(test[0], "run") && strings.Contains(got, test[1])) {
			c.Errorf("docker %s: got %q, want %q", test[0], got, test[1])
		}
	}
	if out, err := c.try("", "run", "-d", "--name", "order", "order:1"); err == nil || !strings.Contains(out, `"/order" is already in use`) {
		c.Errorf("a name that is taken: %v %s", err, out)
	}
	c.goesOn()
	c.docker("rename", "first", "last")
	c.docker("tag", "order:1", "order:2")
	c.docker("rm", "-f", "order", "last")
	c.docker("volume", "rm", "orders")
	c.docker("network", "rm", "shop")
	c.docker("rmi", "order:1", "order:2")
	if out, err := c.try("", "inspect", "order"); err == nil {
		c.Errorf("it is removed and still there: %s", out)
	}
}

func TestWhatBuildsLeaveIsRemoved(t *testing.T) {
	c := behind(t)
	mark := "left-" + c.record
	os.WriteFile(filepath.Join(c.workspace, "Dockerfile"), []byte("FROM "+images.Base+" AS first\nRUN echo "+mark+" > /x\nFROM scratch\nCOPY --from=first /x /x\n"), 0o644)
	c.docker("build", "-t", "proxy-left:1", c.workspace)
	c.docker("rmi", "proxy-left:1")
	count := func() int {
		out, _ := exec.Command("docker", "images", "-q", "--no-trunc", "--filter", "dangling=true").Output()
		found := 0
		for _, id := range strings.Fields(string(out)) {
			made, _ := exec.Command("docker", "history", "--no-trunc", id).Output()
			if bytes.Contains(made, []byte(mark)) {
				found++
			}
		}
		return found
	}
	if count() == 0 {
		t.Fatal("the first stage has left nothing, so this test is none")
	}
	if err := c.dangling.Remove(t.Context(), "unix://"+engineSocket, 100); err != nil || count() == 0 {
		t.Errorf("what was used last is gone: %v", err)
	}
	if err := c.dangling.Remove(t.Context(), "unix://"+engineSocket, 0); err != nil || count() != 0 {
		t.Errorf("left behind: %d, %v", count(), err)
	}
	if err := exec.Command("docker", "image", "inspect", images.Base).Run(); err != nil {
		t.Errorf("the image that was built on is gone")
	}
}

func TestEngineRefusesWithASentence(t *testing.T) {
	c := behind(t)
	exec.Command("docker", "rm", "-f", "proxy-foreign").Run()
	if out, err := exec.Command("docker", "create", "--name", "proxy-foreign", images.Base, "true").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	defer exec.Command("docker", "rm", "-f", "proxy-foreign").Run()
	id, _ := exec.Command("docker", "inspect", "-f", "{{.Id}}", "proxy-foreign").Output()
	foreign := strings.TrimSpace(string(id))
	for _, test := range []struct{ args, say string }{
		{"run --privileged " + images.Base + " true", "could reach out of this lab"},
		{"run -v /:/host " + images.Base + " true", "outside of it"},
		{"start proxy-foreign", "No such container: proxy-foreign"},
		{"rm -f " + foreign, "does not belong to this lab"},
		{"rmi " + images.Base, "does not belong to this lab"},
		{"run no-such-image:1", "There is no image no-such-image:1 here"},
		{"system prune -f", ""},
	} {
		out, err := c.try("", strings.Fields(test.args)...)
		if test.say != "" && (err == nil || !strings.Contains(out, test.say)) {
			t.Errorf("docker %s: got %v %s", test.args, err, out)
		}
	}
	if err := exec.Command("docker", "inspect", "proxy-foreign").Run(); err != nil {
		t.Error("prune took what is another's")
	}
}
