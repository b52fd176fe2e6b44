package dockerproxy

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestStrippedBodyTakesWordsOut(t *testing.T) {
	for text, want := range map[string]string{
		`{"Names":["/k3f-order"],"Image":"k3f/order:1"}`: `{"Names":["/order"],"Image":"order:1"}`,
		`{"cnalab.sandbox":"k3f"} kk3f-x k3f`:            `{"cnalab.sandbox":"k3f"} kx k3f`,
		`k3f-k3f/k3f-`:                                   ``,
		`a k3`:                                           `a k3`,
		``:                                               ``,
	} {
		for name, read := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader, "with its end": iotest.DataErrReader,
		} {
			body := &strippedBody{ReadCloser: io.NopCloser(read(strings.NewReader(text))), words: [][]byte{[]byte("k3f-"), []byte("k3f/")}}
			got, err := io.ReadAll(body)
			if err != nil || string(got) != want {
				t.Errorf("%s, %s: got %q, %v, want %q", text, name, got, err, want)
			}
		}
	}
}

func TestStrippedBodyHoldsNothingBack(t *testing.T) {
	read, write := io.Pipe()
	body := &strippedBody{ReadCloser: read, words: [][]byte{[]byte("k3f-")}}
	go io.WriteString(write, "a line k3f-x\n")
	line := make([]byte, 64)
	if n, err := body.Read(line); err != nil || string(line[:n]) != "a line x\n" {
		t.Errorf("got %q, %v", line[:n], err)
	}
}

func TestImagesElsewhereKeepTheirNames(t *testing.T) {
	p := &Proxy{config: Config{Name: "k3f"}}
	for name, want := range map[string]string{
		"order": "k3f/order", "order:1": "k3f/order:1", "team/order:1": "k3f/team/order:1", "cnalab/base:12": "cnalab/base:12",
		"localhost:5000/order": "localhost:5000/order", "example.org/order": "example.org/order", "sha256:abc": "sha256:abc", "": "",
	} {
		if got := p.named(anImage, name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
