// Command dist makes the archives by which the program runs anywhere: for each
// system the program, and beside it what the repository has that it reads, the
// labs and the pages, with all that is compiled there when it is wanted built
// ahead. It knows nothing of how these are used.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
)

// systems are those that archives are made for where none is named.
var systems = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

func main() {
	root := flag.String("root", ".", "the repository's `DIR`")
	to := flag.String("to", filepath.Join(".cache", "dist"), "`DIR` for the archives")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *root, *to, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// run makes an archive for each system, written as linux/amd64; "host" is the
// one that this is.
func run(ctx context.Context, root, to string, names []string) error {
	if len(names) == 0 {
		names = systems
	}
	for _, name := range names {
		if name == "host" {
			name = runtime.GOOS + "/" + runtime.GOARCH
		}
		goos, goarch, ok := strings.Cut(name, "/")
		if !ok {
			return fmt.Errorf("%q is no system: write it as linux/amd64", name)
		}
		fmt.Fprintf(os.Stderr, "Building for %s…\n", name)
		archive, err := makeArchive(ctx, root, to, system{goos, goarch})
		if err != nil {
			return fmt.Errorf("make the archive for %s: %w", name, err)
		}
		fmt.Println(archive)
	}
	return nil
}

// system is what an archive is for.
type system struct{ os, arch string }

func (s system) String() string { return s.os + "-" + s.arch }

// program is a program's file name there.
func (s system) program(name string) string {
	if s.os == "windows" {
		return name + ".exe"
	}
	return name
}
