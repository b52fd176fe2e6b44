package dockerproxy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
)

// Two sandboxes may call their containers the same, as they do in the same
// lab, and one engine has each name once. So what a lab names is named in the
// engine with the sandbox's name before it: order is k3f-order there, and the
// image order:1 is k3f/order:1. On the way back that is taken off again.

// named is what the engine calls an object that the lab calls so.
func (p *Proxy) named(kind, name string) string {
	switch {
	case p.config.Name == "" || name == "":
		return name
	case kind == anImage && elsewhere(name):
		return name
	case kind == anImage:
		return p.config.Name + "/" + name
	}
	return p.config.Name + "-" + name
}

// elsewhere reports whether an image's name is not the lab's own: it says
// which registry it belongs to, is shared by all labs, or is a digest.
func elsewhere(image string) bool {
	host, _, found := strings.Cut(image, "/")
	return strings.HasPrefix(image, "sha256:") || strings.HasPrefix(image, shared) || image == "scratch" ||
		found && (strings.ContainsAny(host, ".:") || host == "localhost")
}

// find looks an object up by the lab's name for it, or by its ID.
func (p *Proxy) find(ctx context.Context, kind, name string) (object, error) {
	if own := p.named(kind, name); own != name {
		if found, err := p.inspect(ctx, kind, own); !notFound(err) {
			return found, err
		}
	}
	found, err := p.inspect(ctx, kind, name)
	if err == nil && p.config.Name != "" && kind != anImage && !p.ours(found) && !strings.HasPrefix(found.ID, name) {
		return object{}, &refusal{http.StatusNotFound, "No such " + kind + ": " + name} // another's, who calls it so
	}
	return found, err
}

func notFound(err error) bool {
	refused, ok := errors.AsType[*refusal](err)
	return ok && refused.status == http.StatusNotFound
}

// image is what the engine calls an image that is to be used.
func (p *Proxy) image(ctx context.Context, name string) string {
	if own := p.named(anImage, name); own != name {
		if _, err := p.inspect(ctx, anImage, own); err == nil {
			return own
		}
	}
	return name
}

// labName is what the lab calls a container.
func (p *Proxy) labName(o object) string {
	name := strings.TrimPrefix(o.Name, "/")
	if p.config.Name == "" {
		return name
	}
	return strings.TrimPrefix(name, p.config.Name+"-")
}

// modifyResponse changes each answer of the engine as it goes by.
func (p *Proxy) modifyResponse(answer *http.Response) error {
	p.recordDangling(answer)
	if p.config.Name == "" || answer.Request.Method == http.MethodHead || !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") {
		return nil
	}
	answer.Header.Del("Content-Length")
	answer.ContentLength = -1
	answer.Body = &strippedBody{ReadCloser: answer.Body, words: [][]byte{[]byte(p.config.Name + "-"), []byte(p.config.Name + "/")}}
	return nil
}

// strippedBody is a body with words taken out of it. It holds back no more than
// what may be the beginning of one, so a stream stays one.
type strippedBody struct {
	io.ReadCloser
	words [][]byte
	held  []byte // read, and maybe the beginning of a word
	ready []byte // to be passed on
	err   error
}

func (b *strippedBody) Read(p []byte) (int, error) {
	for len(b.ready) == 0 && b.err == nil {
		var n int
		chunk := make([]byte, 32<<10)
		n, b.err = b.ReadCloser.Read(chunk)
		text := append(b.held, chunk[:n]...)
		for _, word := range b.words {
			text = bytes.ReplaceAll(text, word, nil)
		}
		end := len(text)
		if b.err == nil {
			end -= b.begun(text)
		}
		b.ready, b.held = text[:end], bytes.Clone(text[end:])
	}
	if len(b.ready) == 0 {
		return 0, b.err
	}
	n := copy(p, b.ready)
	b.ready = b.ready[n:]
	return n, nil
}

// begun is how many of the last bytes may be the beginning of a word.
func (b *strippedBody) begun(text []byte) int {
	most := 0
	for _, word := range b.words {
		for n := min(len(word)-1, len(text)); n > most; n-- {
			if bytes.HasSuffix(text, word[:n]) {
				most = n
				break
			}
		}
	}
	return most
}
