package site

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"cnalab/server/sandbox"
	webl "cnalab/web/lab"
)

// watch returns what a stream waits for. changed holds at most one signal,
// because a state that changed twice is read once. lines is closed when the
// reader lets too many of them wait.
func (st *stream) watch() (changed <-chan struct{}, lines <-chan sandbox.Line, files <-chan fileChange, cancel func()) {
	signal := make(chan struct{}, 1)
	queue := make(chan sandbox.Line, backlog)
	var once sync.Once
	stop := st.site.Session(st.lab).Watch(func() {
		select {
		case signal <- struct{}{}:
		default:
		}
	}, lossless(queue, &once))
	files, leave := st.site.shelves.join(st.site, st.lab)
	return signal, queue, files, func() {
		stop()
		leave()
	}
}

// lossless puts lines into the queue, and closes it at the first that does
// not fit: a log with holes misleads more than one that begins again.
func lossless(queue chan sandbox.Line, once *sync.Once) func(sandbox.Line) {
	var mu sync.Mutex
	full := false
	return func(line sandbox.Line) {
		mu.Lock()
		defer mu.Unlock()
		if full {
			return
		}
		select {
		case queue <- line:
		default:
			full = true
			once.Do(func() { close(queue) })
		}
	}
}

func (v *view) partNames() string {
	var names []string
	for _, part := range v.status.Parts {
		names = append(names, part.Name)
	}
	return strings.Join(names, " ")
}

// shownLines is how many lines of each part a page begins with.
const shownLines = 200

func (v *view) log() webl.Log {
	var log webl.Log
	session := v.site.Session(v.lab)
	for _, part := range v.status.Parts {
		log.Parts = append(log.Parts, part.Name)
		for _, line := range session.Log(part.Name, shownLines) {
			log.Lines = append(log.Lines, webl.Line{Part: line.Part, Time: line.Time, Text: line.Text})
		}
	}
	sortByTime(log.Lines)
	return log
}

// file tells the page that somebody wrote a file. The tree comes first where
// it changed, so that the page knows the files that it hears of.
func (st *stream) file(ctx context.Context, change fileChange) error {
	if change.tree {
		v, err := st.site.status(ctx, st.lab, st.step)
		if err != nil {
			return err
		}
		files := webl.Files{At: v.at(), Paths: change.paths}
		if err := st.send(ctx, piece{"tree", webl.TreeView(files)}); err != nil {
			return err
		}
	}
	for _, f := range change.files {
		text, _ := json.Marshal(map[string]string{"path": f.Path, "etag": quoted(f.ETag)}) // strings encode
		st.event("file", text)
	}
	return nil
}

// sortByTime puts the parts' lines into one order.
func sortByTime(lines []webl.Line) {
	slices.SortStableFunc(lines, func(a, b webl.Line) int { return a.Time.Compare(b.Time) })
}
