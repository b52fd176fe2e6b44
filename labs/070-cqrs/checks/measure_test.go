//go:build lab

package checks

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

// stand is what stands in for order and history while something is measured: it knows
// what it has answered.
type stand struct {
	order, history *httptest.Server
	commands       atomic.Int64
	pages          atomic.Int64 // whole ones
	asked          atomic.Int64
	command        func(n int64) (delay time.Duration, status int)
}

// stand answers each page after a moment: every second one with 503, of the others
// every third broken off in the middle, and the rest whole.
func (s *shop) stand(command func(n int64) (time.Duration, int)) *stand {
	s.Helper()
	d := &stand{command: command}
	d.order = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, 1<<20))
		delay, status := d.command(d.commands.Add(1))
		<-time.After(delay)
		w.WriteHeader(status)
		fmt.Fprint(w, `{"id": "o-1", "version": 1}`)
	}))
	d.history = httptest.NewServer(http.HandlerFunc(d.page))
	s.Cleanup(d.order.Close)
	s.Cleanup(d.history.Close)
	return d
}

func (d *stand) page(w http.ResponseWriter, r *http.Request) {
	const body = `{"lag": 0, "orders": 100000, "list": []}`
	if r.URL.Path != "/history" { // what the program asks before it measures
		fmt.Fprint(w, body)
		return
	}
	n := d.asked.Add(1)
	<-time.After(4 * time.Millisecond)
	switch {
	case n%2 == 0:
		w.WriteHeader(http.StatusServiceUnavailable)
	case n%3 == 0:
		w.Header().Set("Content-Length", "4000")
		fmt.Fprint(w, body)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	default:
		fmt.Fprint(w, body)
		d.pages.Add(1)
	}
}

// measured is a row of what measure writes.
type measured struct{ reads, p50, p95 float64 }

// measures runs the learner's program against the stand.
func (s *shop) measures(d *stand, during time.Duration) *proc.Running {
	s.Helper()
	return proc.Build(s.C, "measure").Run(during+20*time.Second, proc.Call{
		Args: []string{"-for", during.String(), "-out", "-", "after"},
		Env:  []string{"SERVICE_ORDER=" + d.order.URL, "SERVICE_HISTORY=" + d.history.URL},
	})
}

// row is the last row that the program has printed.
func (s *shop) row(run *proc.Running) measured {
	s.Helper()
	if exit, _ := run.Exit(); !exit.OK() {
		s.NotYet(check.Finding{
			Say: "go run ./measure does not succeed.", Got: exit.Say, Want: "exit status 0", At: "measure/load.go", Next: "Run it in the terminal and read what it prints.", Output: run.Output(),
		})
	}
	stdout, _ := run.Printed()
	rows := s.rows(stdout)
	return rows["after"]
}

// rows reads the results, by the name of the run.
func (s *shop) rows(text string) map[string]measured {
	s.Helper()
	all := map[string]measured{}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	broken := check.Finding{
		Say: "The results of measure cannot be read.", Got: fmt.Sprintf("%.200s", text), Want: "run,reads_per_second,command_p50_ms,command_p95_ms", At: "measure.csv", Next: "Remove the file and measure again.",
	}
	if err != nil {
		s.NotYet(broken)
	}
	for _, record := range records {
		if len(record) != 4 || record[0] == "run" {
			continue
		}
		var m measured
		for i, at := range []*float64{&m.reads, &m.p50, &m.p95} {
			if *at, err = strconv.ParseFloat(record[i+1], 64); err != nil {
				s.NotYet(broken)
			}
		}
		all[record[0]] = m
	}
	return all
}
