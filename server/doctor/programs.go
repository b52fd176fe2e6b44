package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cnalab/labs/environ"
)

// The oldest versions that will do.
var (
	oldestGo   = version{1, 26}
	oldestNode = version{20, 0}
)

// answer is what a program says for itself, as long as ctx lasts.
func answer(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = time.Second // for what it has started, and holds its output
	if name == "go" {
		cmd.Env = environ.Go(false) // as learners' code is built: no toolchain is fetched to answer
	}
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

func goCommand(ctx context.Context, _ Config) Finding {
	f := Finding{Name: "Go"}
	text, err := answer(ctx, "go", "env", "GOVERSION")
	switch {
	case err != nil:
		f.State, f.Say = Missing, missing(err)
		f.Fix = "Install Go 1.26 or later from https://go.dev/dl, and put its bin folder on your PATH."
	case parse(text).before(oldestGo):
		f.State, f.Say = Missing, fmt.Sprintf("%s is older than 1.26", text)
		f.Fix = "Install Go 1.26 or later from https://go.dev/dl."
	default:
		f.State, f.Say = Good, strings.TrimPrefix(text, "go")
	}
	return f
}

// node builds nothing by itself: npm needs it to fetch the pages' libraries.
func node(ctx context.Context, c Config) Finding {
	f := Finding{Name: "Node"}
	text, err := answer(ctx, "node", "--version")
	switch {
	case err != nil:
		f.State, f.Say = missingUnlessBuilt(c), missing(err)
		f.Fix = "Install Node 20 or later: apt-get install nodejs, brew install node, or https://nodejs.org."
	case parse(text).before(oldestNode):
		f.State, f.Say = missingUnlessBuilt(c), fmt.Sprintf("%s is older than 20", text)
		f.Fix = "Install Node 20 or later from https://nodejs.org."
	default:
		f.State, f.Say = Good, strings.TrimPrefix(text, "v")
	}
	return f
}

func npm(ctx context.Context, c Config) Finding {
	text, err := answer(ctx, "npm", "--version")
	if err != nil {
		return Finding{"npm", missingUnlessBuilt(c), missing(err), "Install npm: apt-get install npm, or with Node from https://nodejs.org."}
	}
	return Finding{Name: "npm", State: Good, Say: text}
}

// missingUnlessBuilt: once the pages are built, nobody asks npm for anything.
func missingUnlessBuilt(c Config) State {
	if built(c) == nil {
		return Lacking
	}
	return Missing
}

func built(c Config) error {
	_, err := os.Stat(filepath.Join(c.Root, "web", "assets", "dist", "meta.json"))
	return err
}

func pages(_ context.Context, c Config) Finding {
	if err := built(c); err != nil {
		return Finding{"pages", Missing, "not built yet", "Run `go tool task up`: it builds them and starts the server."}
	}
	return Finding{Name: "pages", State: Good, Say: "all are built"}
}

// missing says why a program did not answer.
func missing(err error) string {
	if errors.Is(err, exec.ErrNotFound) {
		return "not found on your PATH"
	}
	return "found, but it does not answer"
}

// version is a program's major and minor version.
type version struct{ major, minor int }

func (v version) before(w version) bool {
	return v.major < w.major || v.major == w.major && v.minor < w.minor
}

// parse reads the first two numbers of "go1.26.8" and "v20.11.1".
func parse(text string) version {
	numbers := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	var v version
	if len(numbers) > 0 {
		v.major, _ = strconv.Atoi(numbers[0])
	}
	if len(numbers) > 1 {
		v.minor, _ = strconv.Atoi(numbers[1])
	}
	return v
}
