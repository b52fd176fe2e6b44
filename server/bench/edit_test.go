package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/server/session/event"
)

// An edit in the editor until the service answers with it, where nobody asks
// for a check, against what nobody can save: its go build and its start.
func BenchmarkEdit_040_until_the_service_answers_with_it_ms_v_build_start(b *testing.B) {
	l := solved(b, "040")
	_, leave := l.session.Subscribe(event.All()...) // as an open page does
	b.Cleanup(leave)
	l.addRoute(b)
	elsewhere := b.TempDir() // what is built by hand must not restart the sandbox's service
	must(b, os.CopyFS(elsewhere, os.DirFS(l.workspace.Dir())))
	edit := 0
	ms := sides(b,
		func() {
			edit++
			l.save(b, "order/edit.go", answering(edit))
			answersWith(b, l.address(b, "SERVICE_ORDER"), edit)
		},
		func() {
			edit++
			must(b, os.WriteFile(filepath.Join(elsewhere, "order", "edit.go"), []byte(answering(edit)), 0o644))
			l.buildStart(b, elsewhere, func(address string) { answersWith(b, "http://"+address, edit) })
		})
	report(b, ms[0], ms[1], ms[0]/ms[1], 1.15)
}

// answering is a file of the order service that answers with the edit's number.
func answering(edit int) string {
	return fmt.Sprintf("package main\n\nimport (\n\t\"io\"\n\t\"net/http\"\n)\n\n"+
		"func (s *shop) edit(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, \"edit %d\") }\n", edit)
}

// addRoute has the order service answer GET /edit.
func (l *learner) addRoute(b *testing.B) {
	b.Helper()
	l.save(b, "order/edit.go", answering(0))
	routes, err := l.workspace.Read("order/http.go")
	must(b, err)
	l.save(b, "order/http.go", strings.Replace(routes.Text, "\treturn mux\n", "\tmux.HandleFunc(\"GET /edit\", s.edit)\n\treturn mux\n", 1))
	answersWith(b, l.address(b, "SERVICE_ORDER"), 0)
}

// address is what the sandbox tells checks in a variable.
func (l *learner) address(b *testing.B, variable string) string {
	b.Helper()
	for _, pair := range l.provider.opened.Environment() {
		if name, value, _ := strings.Cut(pair, "="); name == variable {
			return value
		}
	}
	b.Fatalf("the sandbox tells no %s", variable)
	return ""
}

// answersWith waits until the service answers with the edit's number.
func answersWith(b *testing.B, base string, edit int) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), 60*time.Second)
	defer cancel()
	want := fmt.Sprint("edit ", edit)
	for ; ; time.Sleep(2 * time.Millisecond) {
		got, err := get(ctx, base+"/edit")
		switch {
		case got == want:
			return
		case ctx.Err() != nil:
			b.Fatalf("the service does not answer with %q: %q, %v", want, got, err)
		}
	}
}

func get(ctx context.Context, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}
