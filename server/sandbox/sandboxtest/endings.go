package sandboxtest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

func (o Options) testEndings(t *testing.T) {
	t.Run("close ends what services have forked", func(t *testing.T) {
		s, _ := o.open(t)
		if _, err := s.get("order", "/fork"); err != nil {
			t.Fatal(err)
		}
		if err := s.Fault(t.Context(), "postgres", sandbox.Fault{Kind: labs.Pause}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s.nothingLeft()
		if err := s.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
		if err := s.Fault(t.Context(), "order", sandbox.Fault{Kind: labs.Stop}); err == nil {
			t.Error("a closed sandbox takes a fault")
		}
	})
	t.Run("giving up while it opens leaves nothing", o.testCancel)
	t.Run("two at once do not touch each other", o.testTwo)
	t.Run("closing the provider closes what is open", func(t *testing.T) {
		s, _ := o.open(t)
		if err := s.provider.Close(); err != nil {
			t.Fatal(err)
		}
		s.nothingLeft()
	})
}

func (o Options) testCancel(t *testing.T) {
	first, _ := o.open(t) // so that nothing has to be built any more
	for _, after := range []time.Duration{0, 20, 60, 120, 200, 300} {
		ctx, cancel := context.WithTimeout(t.Context(), after*time.Millisecond)
		s, err := first.provider.Open(ctx, sandbox.Request{Lab: shop.lab, Learner: "test", Workspace: first.workspace})
		cancel()
		if err == nil {
			t.Logf("it was open within %d ms", after)
			s.Close()
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	first.nothingLeft()
}

func (o Options) testTwo(t *testing.T) {
	one, _ := o.open(t)
	two := *one
	two.workspace = o.newWorkspace(t)
	two.Sandbox = one.mustOpen(t.Context(), nil)
	defer two.Close()
	if err := one.topic("orders"); err != nil {
		t.Fatal(err)
	}
	if err := two.topic("orders"); err != nil {
		t.Fatalf("the second's topic: %v", err)
	}
	if err := one.produce("orders", "hello"); err != nil {
		t.Fatal(err)
	}
	if n, err := two.count("orders"); err != nil || n != 0 {
		t.Errorf("the second sees %d of the first's messages, %v", n, err)
	}
	if err := one.Fault(t.Context(), "order", sandbox.Fault{Kind: labs.Stop}); err != nil {
		t.Fatal(err)
	}
	two.says("order", "/", "one")
}

// holdVariable tells a test binary to hold a sandbox open, and with what.
const holdVariable = "CNALAB_SANDBOXTEST_HOLD"

// held says what to hold open.
type held struct {
	Data, Workspace string
	Nodes           bool
}

// Hold is for TestMain: in a process that the contract has started it opens a
// sandbox and waits to be killed; in any other it returns at once.
func Hold(open func(data string) sandbox.Provider) {
	text := os.Getenv(holdVariable)
	if text == "" {
		return
	}
	var held held
	if err := json.Unmarshal([]byte(text), &held); err != nil {
		panic(err)
	}
	o := Options{Has: Features{Nodes: held.Nodes}}
	s, err := open(held.Data).Open(context.Background(), sandbox.Request{Lab: o.system().lab, Learner: "test", Workspace: held.Workspace})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	answer, _ := json.Marshal(s.Environment())
	fmt.Println(string(answer))
	select {}
}

// holder is a process that will open a sandbox and hold it.
func (o Options) holder(t *testing.T, data, workspace string) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(held{data, workspace, o.Has.Nodes})
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), holdVariable+"="+string(text))
	server.Stderr = os.Stderr
	return server
}

// KillAtRandom kills as many servers, each at a moment of its own while it
// opens or holds a sandbox, and looks at what is left when others have had
// the time to clean up.
func KillAtRandom(t *testing.T, o Options, times int, longest time.Duration) {
	var moments []time.Duration
	for range times {
		moments = append(moments, rand.N(longest))
	}
	KillAt(t, o, Folder(t), moments...)
}

// KillAt kills a server that keeps its data in the folder, at each of these
// moments.
func KillAt(t *testing.T, o Options, data string, moments ...time.Duration) {
	workspace := o.newWorkspace(t)
	for _, after := range moments {
		server := o.holder(t, data, workspace)
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(after)
		server.Process.Kill()
		server.Wait()
	}
	within(t, timeout, func() error {
		if left := o.Left(data, workspace); len(left) > 0 {
			return fmt.Errorf("left behind: %v", left)
		}
		return nil
	})
}

func (o Options) testKilledServer(t *testing.T) {
	s, _ := o.open(t) // another server on the same data, which lives on
	workspace := o.newWorkspace(t)
	server := o.holder(t, s.data, workspace)
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer sync.OnceFunc(func() { server.Process.Kill(); server.Wait() })()
	other := opened{T: t, o: o, data: s.data, workspace: workspace}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var env []string
	if err := json.Unmarshal(line, &env); err != nil {
		t.Fatalf("the server says %s: %v", line, err)
	}
	other.Sandbox = remote{environment: env}
	if !o.Has.Nodes {
		if _, err := other.get("order", "/fork"); err != nil {
			t.Fatal(err)
		}
	} else if err := other.nodeAnswers("worker"); err != nil {
		t.Errorf("beside another's: %v", err)
	}
	server.Process.Kill()
	server.Wait()
	if o.Dies {
		within(t, 2*time.Second, func() error {
			if _, err := other.get("order", "/"); err == nil {
				return fmt.Errorf("order answers without its server")
			}
			return nil
		})
	}
	next := o.New(s.data)
	defer next.Close()
	if err := next.Offers(t.Context(), o.system().lab); err != nil {
		t.Fatal(err)
	}
	for _, p := range o.system().parts { // the living server's sandbox is not touched
		if got := s.part(p); got.State != sandbox.Running {
			t.Errorf("%s is %+v", p, got)
		}
	}
	if err := o.system().answers(s, o.system().part); err != nil {
		t.Errorf("the living server's: %v", err)
	}
	if !o.Has.Nodes {
		s.says("order", "/", "one")
	}
	if o.shared != nil {
		return // what is left is looked for when that is closed, too
	}
	s.Close()
	s.nothingLeft()
	other.nothingLeft()
}

// remote is another process's sandbox, of which only the environment is known.
type remote struct {
	sandbox.Sandbox
	environment []string
}

func (r remote) Environment() []string { return r.environment }
