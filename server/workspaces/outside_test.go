package workspaces

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

func TestNothingOutsideIsReached(t *testing.T) {
	c, data := opened(t)
	secret := filepath.Join(data, "secret.txt")
	put(t, data, "secret.txt", "secret")
	link(t, secret, filepath.Join(c.Dir(), "link.txt"))
	link(t, data, filepath.Join(c.Dir(), "folder"))
	link(t, "../../secret.txt", filepath.Join(c.Dir(), "order", "up.txt"))
	for _, name := range []string{
		"../secret.txt", "../../secret.txt", "order/../../../secret.txt", secret, filepath.ToSlash(secret),
		"", ".", "/", "order/", "order//main.go", "./order/main.go", `order\main.go`, `..\..\secret.txt`, "order/\x00",
		"link.txt", "folder/secret.txt", "order/up.txt", ".git/hooks/pre-commit", "order/.git/config",
		folder.Temporary + "x", strings.Repeat("x/", 5000) + "x", strings.Repeat("y", 300),
	} {
		if text, err := c.Read(name); err == nil {
			t.Errorf("read %q: %q", folder.Clip(name), text.Text)
		}
		if _, err := c.Write(name, "overwritten", ""); err == nil {
			t.Errorf("wrote %q", folder.Clip(name))
		}
		if _, err := c.Write(name, "overwritten", folder.ETag("secret")); err == nil {
			t.Errorf("wrote %q", folder.Clip(name))
		}
		if _, err := c.Remove(name); err == nil {
			t.Errorf("removed %q", folder.Clip(name))
		}
		if _, err := c.ResetFile(name, 1); err == nil {
			t.Errorf("reset %q", folder.Clip(name))
		}
	}
	if text, err := os.ReadFile(secret); err != nil || string(text) != "secret" {
		t.Errorf("the file outside has %q, %v", text, err)
	}
	files, err := c.Tree()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.Contains(f.Path, "link") || strings.Contains(f.Path, "folder") || strings.Contains(f.Path, "up.txt") {
			t.Errorf("listed %s", f.Path)
		}
	}
}

// A reset meets a link where a file of the lab was: it must not write
// through it.
func TestResetDoesNotFollowALinkOut(t *testing.T) {
	c, data := opened(t)
	put(t, data, "secret.txt", "secret")
	remove(t, filepath.Join(c.Dir(), "order"))
	link(t, data, filepath.Join(c.Dir(), "order"))
	put(t, data, "main.go", "somebody else's")
	_, err := c.ResetLab()
	p := problem(t, err, labs.Machine)
	t.Log(p)
	if text, err := os.ReadFile(filepath.Join(data, "main.go")); err != nil || string(text) != "somebody else's" {
		t.Errorf("wrote through a link: %q, %v", text, err)
	}
}

func TestFilesThatAreNoText(t *testing.T) {
	c, _ := opened(t)
	put(t, c.Dir(), "logo.png", "\x89PNG\r\n\x1a\n\x00\x00")
	put(t, c.Dir(), "large.txt", strings.Repeat("x", folder.MaxFile+1))
	for _, name := range []string{"logo.png", "large.txt", "order"} {
		_, err := c.Read(name)
		problem(t, err, labs.BadInput)
	}
	_, err := c.Read("order/none.go")
	problem(t, err, labs.NotFound)
	_, err = c.Read("order/main.go/none.go")
	problem(t, err, labs.NotFound)
	_, err = c.Write("bytes.txt", "\xff\x00", "")
	problem(t, err, labs.BadInput)
}

func TestLimits(t *testing.T) {
	c, _ := opened(t)
	_, err := c.Write("huge.txt", strings.Repeat("x", 1<<30), "")
	problem(t, err, labs.BadInput)
	part := strings.Repeat("x", folder.MaxFile)
	for i := range folder.MaxTotal/folder.MaxFile - 1 {
		write(t, c, "part"+string(rune('a'+i))+".txt", part)
	}
	_, err = c.Write("last.txt", part, "")
	problem(t, err, labs.BadInput)
	write(t, c, "parta.txt", "smaller\n") // shrinking is always allowed
}

func TestTooManyFiles(t *testing.T) {
	c, _ := opened(t)
	for i := range folder.MaxFiles {
		path := filepath.Join(c.Dir(), "many"+string(rune('a'+i%26))+strings.Repeat("i", i/26)+".txt")
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.Tree()
	problem(t, err, labs.BadInput)
}

func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip("this account may not make links")
		}
		t.Fatal(err)
	}
}

// What is at the end of a link may be anybody's: it is neither written, nor
// taken into the mirror.
func TestACopyThatIsALinkIsLeftAlone(t *testing.T) {
	c, _ := opened(t)
	write(t, c, "order/main.go", "package main // mine\n")
	remove(t, c.Dir())
	away := t.TempDir()
	put(t, away, "secret.txt", "secret")
	link(t, away, c.Dir())
	problem(t, c.Open(t.Context()), labs.Machine)
	_, err := c.Read("secret.txt")
	problem(t, err, labs.Machine)
	_, err = c.Write("new.go", "package shop\n", "")
	problem(t, err, labs.Machine)
	_, err = c.ResetLab()
	problem(t, err, labs.Machine)
	if left, _ := os.ReadDir(away); len(left) != 1 {
		t.Errorf("the folder outside holds %v", left)
	}
	if err := os.Remove(c.Dir()); err != nil {
		t.Fatal(err)
	}
	want(t, c, "order/main.go", "package main // mine\n")
}

func TestNewFilesHaveNamesForEverySystem(t *testing.T) {
	c, _ := opened(t)
	for _, name := range []string{
		"aux.go", "order/nul", "COM1.txt", "a:b.go", "a?b", "a*b", "a\nb.go", "a\x1bb", "a\x7fb", "a\u202egp.go",
		"trail.", "trail ", " ", " order/x.go", "order /x.go", "order./x.go",
	} {
		_, err := c.Write(name, "text", "")
		if err == nil {
			t.Errorf("wrote %q", name)
			continue
		}
		problem(t, err, labs.BadInput)
	}
	for _, name := range []string{"한글.go", "ünï/日本.go", "order/a b.md", ".env", ".golangci.yml", "Dockerfile", "order/x_test.go", "a+b@c.txt"} {
		if _, err := c.Write(name, "text", ""); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	put(t, c.Dir(), "made: elsewhere.md", "old") // by another program: it can be changed and removed
	write(t, c, "made: elsewhere.md", "new")
	if _, err := c.Remove("made: elsewhere.md"); err != nil {
		t.Error(err)
	}
}
