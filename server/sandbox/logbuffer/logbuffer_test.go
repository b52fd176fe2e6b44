package logbuffer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/server/sandbox"

	"github.com/google/go-cmp/cmp"
)

func TestLinesAreKeptAndForwarded(t *testing.T) {
	var watched []string
	path := filepath.Join(t.TempDir(), "order.log")
	b := New("order", path, func(l sandbox.Line) { watched = append(watched, l.Text) })
	fmt.Fprint(b, "one\ntw")
	fmt.Fprint(b, "o\r\n\nthree\nunfinished")
	want := []string{"one", "two", "three"}
	var kept []string
	for _, l := range b.Last(10) {
		kept = append(kept, l.Text)
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, watched); diff != "" {
		t.Errorf("watched (-want +got):\n%s", diff)
	}
	if got := b.Last(1); len(got) != 1 || got[0].Text != "three" {
		t.Errorf("Last(1) = %v, want the newest line", got)
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != "one\ntwo\nthree\n" {
		t.Errorf("file holds %q, %v", text, err)
	}
}

func TestPrintingWithoutEndIsBounded(t *testing.T) {
	dir := t.TempDir()
	forwarded := 0
	b := New("order", filepath.Join(dir, "order.log"), func(sandbox.Line) { forwarded++ })
	line := strings.Repeat("x", 1000) + "\n"
	began := time.Now()
	const printed = 20 << 20
	for n := 0; n < printed; n += len(line) {
		b.Write([]byte(line))
	}
	seconds := time.Since(began).Seconds()
	fmt.Fprint(b, strings.Repeat("y", 1<<20)+"\n")
	kept := 0
	for _, l := range b.Last(1 << 20) {
		kept += len(l.Text)
	}
	if kept > keepBytes {
		t.Errorf("%d bytes kept in memory, want no more than %d", kept, keepBytes)
	}
	if last := b.Last(1)[0].Text; len(last) > lineBytes+100 || !strings.Contains(last, "left out") {
		t.Errorf("a line of 1 MB is kept as %d bytes", len(last))
	}
	if most := (int(seconds) + 2) * (perSecond + 1); forwarded > most {
		t.Errorf("%d lines passed on in %.1f s, want no more than %d", forwarded, seconds, most)
	}
	onDisk := int64(0)
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		onDisk += info.Size()
	}
	if onDisk > 2*fileBytes+4096 {
		t.Errorf("%d bytes on disk, want no more than %d", onDisk, 2*fileBytes)
	}
	if seconds < 1 {
		t.Errorf("20 MB were taken in within %.1f s: nothing slows the writer down", seconds)
	}
}
