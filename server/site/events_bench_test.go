package site_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	store "cnalab/server/progress"
	"cnalab/server/workspaces"
)

// What a page waits for a check's word: from where the grader tells of a check
// that has ended until the page has read what it changes. The step has 12
// checks, and is checked so often.
const rounds = 25

func BenchmarkCheck_event_to_the_page_p99_ms_with_12_checks(b *testing.B) {
	for b.Loop() {
		times := checkEvents(b)
		b.ReportMetric(milliseconds(times[len(times)*99/100]), "ours")
		b.ReportMetric(milliseconds(times[len(times)/2]), "p50")
		b.ReportMetric(20, "limit")
	}
}

// checkEvents returns how long each event took to its page, sorted.
func checkEvents(b *testing.B) (times []time.Duration) {
	b.Helper()
	lab := withChecks(writeLab(b), 12)
	kept := store.New(filepath.Join(b.TempDir(), "progress.db"))
	b.Cleanup(func() { _ = kept.Close() })
	r := newReal(b, lab, workspace{workspaces.New(b.TempDir(), "../..").Lab(lab)}, kept)
	r.checks.next = make(chan struct{})
	server := httptest.NewServer(r)
	b.Cleanup(server.Close)
	verdicts := passedCounts(b, server)
	if err := r.session.Open(b.Context()); err != nil {
		b.Fatal(err)
	}
	for range rounds {
		r.session.StartCheck(1)
		for done := 1; done <= 12; done++ {
			r.checks.next <- struct{}{} // it begins
			r.checks.next <- struct{}{} // it ends
			began := time.Now()
			for <-verdicts != done {
			}
			times = append(times, time.Since(began))
		}
		for r.session.Run().Running {
			time.Sleep(time.Millisecond)
		}
	}
	slices.Sort(times)
	return times
}

// passedCounts reads a page's events, and tells of each drawing of the
// verdicts how many have passed.
func passedCounts(b *testing.B, server *httptest.Server) <-chan int {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), "GET", server.URL+"/labs/event-driven/events?step=1", nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := server.Client().Do(request)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { answer.Body.Close() })
	counts := make(chan int, 10000)
	go func() {
		passed, verdicts := 0, false
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			line := lines.Text()
			verdicts = verdicts || strings.Contains(line, `id="verdicts"`)
			passed += strings.Count(line, `<li class="verdict" data-verdict="passed"`)
			if line == "" {
				if verdicts {
					counts <- passed
				}
				passed, verdicts = 0, false
			}
		}
	}()
	return counts
}
