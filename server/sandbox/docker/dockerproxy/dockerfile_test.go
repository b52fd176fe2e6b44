package dockerproxy

import "testing"

func TestImagesOfADockerfileAreRenamed(t *testing.T) {
	ours := func(name string) string {
		if name == "shop" || name == "shop:2" {
			return "k3f/" + name
		}
		return name
	}
	for before, want := range map[string]string{
		"FROM shop": "FROM k3f/shop",
		"# a shop\nfrom  --platform=x shop:2\nRUN y": "# a shop\nfrom  --platform=x k3f/shop:2\nRUN y",
		"FROM shop AS build\r":                       "FROM k3f/shop AS build\r",
		"FROM debian":                                "FROM debian",
		"FROM debian AS shop\nFROM shop":             "FROM debian AS shop\nFROM shop",
		"FROM a\nCOPY --from=shop /x /y":             "FROM a\nCOPY --from=k3f/shop /x /y",
		"FROM a AS Shop\nCOPY --from=shop /x /y":     "FROM a AS Shop\nCOPY --from=shop /x /y",
		"FROM a\nRUN echo \\\nFROM shop":             "FROM a\nRUN echo \\\nFROM shop",
		"FROM a\nRUN echo FROM shop":                 "FROM a\nRUN echo FROM shop",
		"ARG of=shop\nFROM $of":                      "ARG of=shop\nFROM $of",
	} {
		if got := renamed(before, ours); got != want {
			t.Errorf("%q: got %q, want %q", before, got, want)
		}
	}
}
