package handin

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs"
)

// zipped writes a zip of files; a name that ends in a slash is a folder.
func zipped(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	for name, text := range files {
		to, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func text(t *testing.T, file string) string {
	t.Helper()
	is, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(is)
}

var work = map[string]string{"hello/main.go": "package main\n", "hello/words.go": "package main\n", "go.mod": "module own\n"}

// inFolder moves files into a folder.
func inFolder(folder string, files map[string]string) map[string]string {
	moved := map[string]string{}
	for name, text := range files {
		moved[folder+"/"+name] = text
	}
	return moved
}

func TestTheWorkIsFound(t *testing.T) {
	inner := zipped(t, "inner.zip", inFolder("greet", work))
	withoutModule := map[string]string{"hello/main.go": "package main\n"}
	for name, tt := range map[string]struct {
		given string
		note  string // begins so; empty where there is none
	}{
		"a folder":                 {write(t, t.TempDir(), work), ""},
		"a zip":                    {zipped(t, "kim.zip", work), ""},
		"a zip with a folder":      {zipped(t, "kim.zip", inFolder("kim", work)), ""},
		"a nested folder":          {write(t, t.TempDir(), inFolder("kim", work)), "The work was found in "},
		"folders in folders":       {write(t, t.TempDir(), inFolder("a/b/c", work)), "The work was found in "},
		"beside what systems put":  {zipped(t, "kim.zip", map[string]string{"kim/hello/main.go": "package main\n", "kim/go.mod": "module own\n", "__MACOSX/kim/._x": "", "kim/.DS_Store": "x"}), ""},
		"a zip in a zip":           {zipped(t, "kim.zip", map[string]string{"kim.ZIP": text(t, inner)}), ""},
		"a zip of Windows":         {zipped(t, "kim.zip", map[string]string{`kim\`: "", `kim\hello\main.go`: "package main\n", `kim\go.mod`: "module own\n"}), ""},
		"a zip in Korean":          {zipped(t, "kim.zip", inFolder("\xb1\xe8\xc3\xb6\xbc\xf6", work)), ""},
		"a zip in a folder of one": {write(t, t.TempDir(), map[string]string{"sub/kim.zip": text(t, inner)}), ""},
		"no go.mod":                {write(t, t.TempDir(), withoutModule), "It has no go.mod"},
		"no go.mod, in a zip":      {zipped(t, "kim.zip", withoutModule), "It has no go.mod"},
	} {
		t.Run(name, func(t *testing.T) {
			found := find(t, finder(greet(t), images(t)), tt.given)
			if !has(found.Dir, "hello/main.go") || !has(found.Dir, "go.mod") {
				t.Errorf("%s is not the workspace", found.Dir)
			}
			if (tt.note == "") != (len(found.Notes) == 0) || tt.note != "" && !strings.HasPrefix(found.Notes[0], tt.note) {
				t.Errorf("noted %q, want %q", found.Notes, tt.note)
			}
			if name == "a folder" && found.Dir != tt.given {
				t.Errorf("a workspace is checked at %s, and not where it is", found.Dir)
			}
		})
	}
}

// What cannot be found is one sentence for who grades: what was found, and what
// was wanted.
func TestWhatIsNotTheWork(t *testing.T) {
	other := map[string]string{"Dockerfile": "x", "order/main.go": "package main\n", "go.mod": "module own\n"}
	three := zipped(t, "c.zip", map[string]string{"b.zip": text(t, zipped(t, "b.zip", map[string]string{"a.zip": text(t, zipped(t, "a.zip", work))}))})
	empty := filepath.Join(t.TempDir(), "kim")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	received := map[string]string{"receipt.json": `{"lab": "images"}`}
	for name, tt := range map[string]struct{ given, want string }{
		"empty folder":       {empty, "kim holds no files, and the work of lab 010 (GREET) was wanted, with files such as hello/main.go."},
		"empty zip":          {zipped(t, "kim.zip", nil), "kim.zip holds no files, and the work of lab 010 (GREET) was wanted, with files such as hello/main.go."},
		"another lab":        {zipped(t, "kim.zip", other), "kim.zip holds the files of lab 090 (IMAGES), and the work of lab 010 (GREET) was wanted."},
		"another receipt":    {zipped(t, "kim.zip", received), "kim.zip is the work of lab 090 (IMAGES) by its receipt, and the work of lab 010 (GREET) was wanted."},
		"something else":     {zipped(t, "kim.zip", map[string]string{"essay.txt": "x"}), "kim.zip holds essay.txt, and the work of lab 010 (GREET) was wanted, with files such as hello/main.go."},
		"no zip":             {write(t, t.TempDir(), map[string]string{"kim.zip": "no"}) + "/kim.zip", "kim.zip cannot be read as a zip: not a valid zip file."},
		"zips three deep":    {three, "c.zip holds folders and zips within each other, and no work of lab 010 in them."},
		"out of the zip":     {zipped(t, "kim.zip", map[string]string{"../evil": "x"}), `kim.zip holds "../evil", which leads out of it.`},
		"from the root":      {zipped(t, "kim.zip", map[string]string{"/etc/evil": "x"}), `kim.zip holds "/etc/evil", which leads out of it.`},
		"as Windows says it": {zipped(t, "kim.zip", map[string]string{`..\evil`: "x"}), `kim.zip holds "../evil", which leads out of it.`},
		"a drive":            {zipped(t, "kim.zip", map[string]string{"C:/evil": "x"}), `kim.zip holds "C:/evil", which leads out of it.`},
		"a link":             {withLink(t), `kim.zip holds "hello", which is a link or a device, and a hand-in holds files.`},
		"far too large":      {zipped(t, "kim.zip", map[string]string{"a": strings.Repeat("x", maxContent+1)}), "kim.zip holds more than 64 MiB or 20000 files, which no lab needs."},
		"a record of nobody": {zipped(t, "kim.zip", map[string]string{"hello/main.go": "x", "handin/01.json": "no"}), "kim.zip has a record of what was done that cannot be read: "},
	} {
		t.Run(name, func(t *testing.T) {
			f := finder(greet(t), images(t))
			f.Temp = t.TempDir()
			_, err := f.Open(t.Context(), tt.given)
			if err == nil {
				t.Fatal("it was taken for the work")
			}
			problem := labs.AsProblem(err)
			if !strings.HasPrefix(problem.Say, tt.want) || problem.Next != "" {
				t.Errorf("got  %q, %q\nwant %q", problem.Say, problem.Next, tt.want)
			}
		})
	}
}

// withLink is a zip with a link in it.
func withLink(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kim.zip")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	header := &zip.FileHeader{Name: "hello"}
	header.SetMode(fs.ModeSymlink | 0o777)
	to, err := archive.CreateHeader(header)
	if err == nil {
		_, err = to.Write([]byte("/etc"))
	}
	if err != nil || archive.Close() != nil {
		t.Fatal(err)
	}
	return path
}

// A zip whose header says less than it holds is cut off.
func TestAZipThatLiesIsCutOff(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	archive, err := zip.OpenReader(zipped(t, "kim.zip", map[string]string{"a": strings.Repeat("x", 1000)}))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	n, err := extract(root, "a", archive.File[0], 100)
	if err != nil || n != 101 {
		t.Errorf("wrote %d bytes of the 100 that are left: %v", n, err)
	}
}
