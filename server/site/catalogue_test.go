package site_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/labs/scaffold"
)

// described makes a labs folder of this repository's lab.yaml files alone,
// each as one that is not written yet.
func described(t *testing.T) (dir string, count int) {
	t.Helper()
	dir = t.TempDir()
	files, err := filepath.Glob("../../labs/*/lab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "planned: true") {
			text = append(text, "planned: true\n"...)
		}
		folder := filepath.Join(dir, filepath.Base(filepath.Dir(file)))
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "lab.yaml"), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, len(files)
}

// catalogueOf is the first page where the labs are those of the folder.
func catalogueOf(t *testing.T, dir, language string) string {
	t.Helper()
	r := newRig(t)
	r.library.all, r.library.broken = load.All(dir)
	_, body := call(t, serve(t, r), "GET", "/", nil, "Accept-Language", language)
	return body
}

// A folder is enough to add a lab: nothing else in the repository knows how
// many there are, which half they are in, or what they add to the map.
func TestAFolderAddsALab(t *testing.T) {
	dir, count := described(t)
	if page := catalogueOf(t, dir, "en"); !strings.Contains(page, fmt.Sprintf("%d labs, one small shop.", count)) || strings.Contains(page, "circuit-breaker") {
		t.Errorf("the catalogue does not count %d labs", count)
	}
	folder, err := scaffold.New(dir, "circuit-breaker")
	if err != nil {
		t.Fatal(err)
	}
	count++
	number, _, _ := strings.Cut(filepath.Base(folder), "-")
	page := catalogueOf(t, dir, "en")
	for what, want := range map[string]string{
		"the count":           fmt.Sprintf("%d labs, one small shop.", count),
		"the map's count":     fmt.Sprintf("0 of %d pieces are built.", count),
		"the lab in the list": `<a class="lab-item-link" href="/labs/circuit-breaker">Circuit breaker</a>`,
		"its piece":           fmt.Sprintf(`<g class="piece" data-lab=%q data-state="ahead"><rect class="box"`, number),
		"its name on the map": `>circuit-breaker</text></g>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the catalogue has not %s: %s", what, want)
		}
	}
	if page := catalogueOf(t, dir, "ko"); !strings.Contains(page, fmt.Sprintf("실습 %d개, 작은 상점 하나.", count)) {
		t.Error("the catalogue in Korean does not count them")
	}
}

// What a new folder says of its half and its piece is what the page shows.
func TestAFolderSaysItsHalfAndItsPiece(t *testing.T) {
	dir, _ := described(t)
	folder, err := scaffold.New(dir, "service-mesh")
	if err != nil {
		t.Fatal(err)
	}
	number, _, _ := strings.Cut(filepath.Base(folder), "-")
	text := "title: Service mesh\nsummary: S.\nminutes: 30\nhalf: run\nmap:\n  nodes:\n    - {name: mesh, shape: log, row: entry}\n  links:\n    - {from: mesh, to: order}\n"
	if err := os.WriteFile(filepath.Join(folder, "lab.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	page := catalogueOf(t, dir, "en")
	_, second, _ := strings.Cut(page, "Part 2")
	if !strings.Contains(second, `href="/labs/service-mesh"`) {
		t.Error("a lab of the second half is not in it")
	}
	_, piece, _ := strings.Cut(page, `<g class="piece" data-lab="`+number+`"`)
	piece, _, _ = strings.Cut(piece, "</g>")
	if !strings.Contains(piece, ">mesh</text>") || strings.Count(piece, `class="link"`) != 2 {
		t.Errorf("its piece is %s", piece)
	}
}

// The catalogue draws every row that labs may name.
func TestEveryRowIsDrawn(t *testing.T) {
	dir, _ := described(t)
	folder, err := scaffold.New(dir, "rows")
	if err != nil {
		t.Fatal(err)
	}
	text := "title: Rows\nsummary: S.\nminutes: 30\nhalf: run\nmap:\n  nodes:\n"
	for _, row := range labs.MapRows {
		text += fmt.Sprintf("    - {name: a new one of %s, row: %s}\n", row, row)
	}
	if err := os.WriteFile(filepath.Join(folder, "lab.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	page := catalogueOf(t, dir, "en")
	for _, row := range labs.MapRows {
		if !strings.Contains(page, ">a new one of "+row+"</text>") {
			t.Errorf("the row %s is not drawn", row)
		}
	}
}

// A lab that cannot be read stays in the half of the lab before it.
func TestABrokenLabStaysInItsHalf(t *testing.T) {
	dir, count := described(t)
	if err := os.WriteFile(filepath.Join(dir, "120-kubernetes-volumes", "lab.yaml"), []byte("- nothing\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	page := catalogueOf(t, dir, "en")
	first, second, _ := strings.Cut(page, "Part 2")
	if strings.Contains(first, "kubernetes volumes") || !strings.Contains(second, "kubernetes volumes") {
		t.Error("the broken lab is not in the second half")
	}
	if !strings.Contains(page, fmt.Sprintf("%d labs", count)) {
		t.Error("the broken lab is not counted")
	}
}
