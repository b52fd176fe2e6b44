package site_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cnalab/labs/load"
	store "cnalab/server/progress"
	"cnalab/server/workspaces"
)

// The crowd: so many pages are open with their events streaming, and each of
// their readers loads a page about so often for so long.
const (
	readers = 200
	pause   = time.Second
	visit   = 5 * time.Second
)

// A page of lab 040 as the server makes it while 200 readers are at it, files
// and progress read from disk each time.
func BenchmarkLab_page_p99_ms_of_200_readers(b *testing.B) {
	for b.Loop() {
		times, _ := crowd(b)
		b.ReportMetric(milliseconds(times[len(times)*99/100]), "ours")
		b.ReportMetric(milliseconds(times[len(times)/2]), "p50")
		b.ReportMetric(20, "limit")
	}
}

// What a reader costs in memory, the test's own end of the connection included.
func BenchmarkLab_page_KB_per_reader_of_200(b *testing.B) {
	for b.Loop() {
		_, perReader := crowd(b)
		b.ReportMetric(float64(perReader)/1000, "ours")
		b.ReportMetric(1000, "limit")
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// crowd returns how long each page took the server, sorted, and the memory
// that a reader takes.
func crowd(b *testing.B) (times []time.Duration, perReader uint64) {
	b.Helper()
	clock := &stopwatch{next: realSite(b)}
	server := httptest.NewServer(clock)
	defer server.Close()
	call(b, server, "GET", "/labs/event-driven/steps/1", nil) // what is made once is made
	clock.take()
	before := held()
	streams := make([]net.Conn, readers)
	for i := range streams {
		streams[i] = stream(b, server, i%6+1)
		defer streams[i].Close()
	}
	if after := held(); after > before {
		perReader = (after - before) / readers
	}
	var wg sync.WaitGroup
	for i := range readers {
		wg.Go(func() { read(b, server, i%6+1) })
	}
	wg.Wait()
	times = clock.take()
	slices.Sort(times)
	if len(times) < readers {
		b.Fatalf("only %d pages were read", len(times))
	}
	return times, perReader
}

// realSite has the real lab, files and progress; only the sandbox is a fake.
func realSite(b *testing.B) *real {
	b.Helper()
	lab, broken := load.Lab(filepath.Join("../../labs/040-event-driven"))
	if lab == nil {
		b.Fatal(broken)
	}
	kept := store.New(filepath.Join(b.TempDir(), "progress.db"))
	b.Cleanup(func() { _ = kept.Close() })
	return newReal(b, lab, workspace{workspaces.New(b.TempDir(), "../..").Lab(lab)}, kept)
}

// stopwatch measures pages, and lets streams through.
type stopwatch struct {
	next  http.Handler
	mu    sync.Mutex
	times []time.Duration
}

func (s *stopwatch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	s.next.ServeHTTP(w, r)
	if strings.HasSuffix(r.URL.Path, "/events") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.times = append(s.times, time.Since(began))
}

func (s *stopwatch) take() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.times
	s.times = nil
	return taken
}

// held is the memory in use after the garbage is gone.
func held() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// stream opens a page's events and returns once the whole state has come.
func stream(b *testing.B, server *httptest.Server, step int) net.Conn {
	b.Helper()
	address := strings.TrimPrefix(server.URL, "http://")
	c, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	fmt.Fprintf(c, "GET /labs/event-driven/events?step=%d HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", step, address, token)
	for lines := bufio.NewScanner(c); lines.Scan(); {
		if strings.Contains(lines.Text(), `id="solution"`) {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, c) }()
	return c
}

// read loads a step's page now and then.
func read(b *testing.B, server *httptest.Server, step int) {
	for end := time.Now().Add(visit); time.Now().Before(end); {
		time.Sleep(time.Duration(rand.Int64N(int64(2 * pause))))
		request, err := http.NewRequestWithContext(b.Context(), "GET", fmt.Sprintf("%s/labs/event-driven/steps/%d", server.URL, step), nil)
		if err != nil {
			b.Error(err)
			return
		}
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := server.Client().Do(request)
		if err != nil {
			b.Error(err)
			return
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			b.Errorf("step %d: %s", step, answer.Status)
		}
	}
}
