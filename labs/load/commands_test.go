package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommands(t *testing.T) {
	const text = "# Title\n\n```sh\ngo run .\nls\n```\n\n```go\nvar x = `sh`\n```\n\n~~~console\n$ docker ps\nCONTAINER ID\n$ docker images\n~~~\n\n" +
		"````question\nWhat?\n\n- [x] a\n- [ ] b\n\n```sh\nkcat -L\n```\n\nSo.\n````\n\n````sh\necho '```'\n```\n````\n"
	want := []Command{
		{Lines: []Line{{4, "go run ."}, {5, "ls"}}},
		{Lines: []Line{{13, "docker ps"}, {15, "docker images"}}},
		{Lines: []Line{{25, "kcat -L"}}},
		{Lines: []Line{{32, "echo '```'"}, {33, "```"}}},
	}
	got := Commands(text)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	if got[0].String() != "go run .\nls\n" {
		t.Errorf("typed as %q", got[0])
	}
}
