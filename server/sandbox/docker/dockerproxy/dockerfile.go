package dockerproxy

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"
)

// The lines of a Dockerfile that name an image: what a stage begins with, and
// what files are copied from. A stage may have a name, which later lines mean.
var (
	fromLine = regexp.MustCompile(`(?i)^(\s*FROM\s+(?:--\S+\s+)*)(\S+)((?:\s+AS\s+(\S+))?\s*)$`)
	copyLine = regexp.MustCompile(`(?i)^(\s*COPY\s+(?:--\S+\s+)*--from=)(\S+)(\s.*)$`)
)

// maxDockerfile is how many bytes of a Dockerfile are read here; a longer one
// is left as it is.
const maxDockerfile = 1 << 20

// rewriteDockerfile has a build go on from the sandbox's own images where its
// Dockerfile names them. What comes with the request is a tar archive.
func (p *Proxy) rewriteDockerfile(r *http.Request) {
	if p.config.Name == "" {
		return
	}
	dockerfile := path.Clean("/" + r.URL.Query().Get("dockerfile"))
	if dockerfile == "/" {
		dockerfile = "/Dockerfile"
	}
	files := bufio.NewReader(r.Body)
	if head, _ := files.Peek(512); len(head) < 512 || string(head[257:262]) != "ustar" {
		r.Body = io.NopCloser(files) // compressed, say: its names are as they are
		return
	}
	read, write := io.Pipe()
	go func() { write.CloseWithError(p.renameAll(r.Context(), files, write, dockerfile)) }()
	r.Body, r.ContentLength = read, -1
	r.Header.Del("Content-Length")
}

// renameAll copies an archive, and changes in its Dockerfile what the sandbox's
// own images are called.
func (p *Proxy) renameAll(ctx context.Context, from io.Reader, to io.Writer, dockerfile string) error {
	files, archive := tar.NewReader(from), tar.NewWriter(to)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			io.Copy(io.Discard, from) // the client waits until all is read
			return archive.Close()
		}
		if err != nil {
			return err
		}
		content := io.Reader(files)
		if path.Clean("/"+header.Name) == dockerfile && header.Size <= maxDockerfile {
			text, err := io.ReadAll(files)
			if err != nil {
				return err
			}
			text = []byte(renamed(string(text), func(name string) string { return p.image(ctx, name) }))
			header.Size, content = int64(len(text)), bytes.NewReader(text)
		}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := io.Copy(archive, content); err != nil {
			return err
		}
	}
}

// renamed is a Dockerfile with other names for its images. What a stage of its
// own is called is no image, and what goes on from the line before is no line.
func renamed(dockerfile string, name func(string) string) string {
	lines, stages := strings.Split(dockerfile, "\n"), map[string]bool{}
	goesOn := false
	for i, line := range lines {
		if !goesOn {
			lines[i] = renamedIn(line, stages, name)
		}
		goesOn = strings.HasSuffix(strings.TrimSpace(line), `\`)
	}
	return strings.Join(lines, "\n")
}

func renamedIn(line string, stages map[string]bool, name func(string) string) string {
	if found := fromLine.FindStringSubmatch(line); found != nil {
		before, image, after, stage := found[1], found[2], found[3], found[4]
		if !stages[strings.ToLower(image)] {
			line = before + name(image) + after
		}
		stages[strings.ToLower(stage)] = true
	} else if found := copyLine.FindStringSubmatch(line); found != nil && !stages[strings.ToLower(found[2])] {
		line = found[1] + name(found[2]) + found[3]
	}
	return line
}
