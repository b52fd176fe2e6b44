package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
)

func TestCommands(t *testing.T) {
	const text = "# Title\n\n```sh\ngo run .\nls\n```\n\n```go\nvar x = `sh`\n```\n\n~~~console\n$ docker ps\nCONTAINER ID\n$ docker images\n~~~\n\n" +
		"````question\nWhat?\n\n- [x] a\n- [ ] b\n\n```sh\nkcat -L\n```\n\nSo.\n````\n\n````sh\necho '```'\n```\n````\n"
	want := []labs.Command{
		{Lines: []labs.Line{{Number: 4, Text: "go run ."}, {Number: 5, Text: "ls"}}},
		{Lines: []labs.Line{{Number: 13, Text: "docker ps"}, {Number: 15, Text: "docker images"}}},
		{Lines: []labs.Line{{Number: 25, Text: "kcat -L"}}},
		{Lines: []labs.Line{{Number: 32, Text: "echo '```'"}, {Number: 33, Text: "```"}}},
	}
	got := commands(text)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	if got[0].String() != "go run .\nls\n" {
		t.Errorf("typed as %q", got[0])
	}
}
