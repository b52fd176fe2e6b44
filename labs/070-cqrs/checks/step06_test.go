//go:build lab

package checks

import (
	"fmt"
	"math"
	"net/http"
	"testing"
	"time"

	"cnalab/labs/check"
)

// during is how long the checks have something measured.
const during = 1500 * time.Millisecond

// A page that was not answered, or not to its end, is not counted.
func TestStep06_OnlyWholePagesCount(t *testing.T) {
	t.Parallel()
	s := open(t)
	d := s.stand(func(int64) (time.Duration, int) { return 0, http.StatusCreated })
	got := s.row(s.measures(d, during)).reads * during.Seconds()
	// Those that are on their way when it ends count or not.
	if want := float64(d.pages.Load()); math.Abs(got-want) > 10+want/20 {
		s.NotYet(check.Finding{
			Say: "The check answered pages, errors, and pages that were broken off. measure counts another number than that of the whole pages.", Got: fmt.Sprintf("%.0f pages", got),
			Want: fmt.Sprintf("about %.0f of %d answers", want, d.asked.Load()), At: "measure/load.go", Next: "Count a page when its status is below 400 and its body is read to the end: ask returns no error then.",
		})
	}
}

// A command's time begins when the command is due, also where those before it are not answered.
func TestStep06_TimeBeginsWhenACommandIsDue(t *testing.T) {
	t.Parallel()
	s := open(t)
	var first time.Time
	began := make(chan struct{})
	d := s.stand(func(n int64) (time.Duration, int) {
		if n == 1 {
			first = time.Now()
			close(began)
		}
		<-began
		if since := time.Since(first); since > time.Second && since < 1800*time.Millisecond {
			return 1800*time.Millisecond - since, http.StatusCreated // the database stands still
		}
		return 0, http.StatusCreated
	})
	got := s.row(s.measures(d, during))
	if sent, want := int(d.commands.Load()), int(during/(20*time.Millisecond)); sent < want*8/10 || sent > want+2 {
		s.NotYet(check.Finding{
			Say: "order stood still for 0.8 s, and measure did not send a command every 20 ms meanwhile.", Got: fmt.Sprintf("%d commands in %s", sent, during), Want: fmt.Sprintf("%d", want), At: "measure/load.go",
			Next: "Send each command when it is due, in a goroutine of its own: customers do not wait for one another.",
		})
	}
	if got.p95 < 400 || got.p50 > got.p95/2 {
		s.NotYet(check.Finding{
			Say: "order stood still for 0.8 s, until after the end, so three commands of ten took up to 0.8 s. measure says otherwise.", Got: fmt.Sprintf("p50 %.1f ms, p95 %.1f ms", got.p50, got.p95), Want: "a p50 of a few ms, and a p95 of more than 400 ms",
			At: "measure/load.go", Next: "Take the time from the moment when the command was due until its answer, also of those that are answered after the end.",
		})
	}
}

// Commands are sent when they are due, however many are on their way.
func TestStep06_HoweverManyAreOnTheirWay(t *testing.T) {
	t.Parallel()
	s := open(t)
	const still = 2500 * time.Millisecond
	d := s.stand(func(n int64) (time.Duration, int) { // none is answered before the end
		return still + 100*time.Millisecond - time.Duration(n-1)*20*time.Millisecond, http.StatusCreated
	})
	s.row(s.measures(d, still))
	if sent, want := int(d.commands.Load()), int(still/(20*time.Millisecond)); sent < want*9/10 {
		s.NotYet(check.Finding{
			Say: "order answered no command for 2.5 s, and measure sent fewer than one every 20 ms.", Got: fmt.Sprintf("%d commands in %s", sent, still), Want: fmt.Sprintf("%d", want), At: "measure/load.go",
			Next: "Send each command when it is due, however many are on their way.",
		})
	}
}

// p50 and p95 are percentiles, and neither the mean nor the longest.
func TestStep06_Percentiles(t *testing.T) {
	t.Parallel()
	s := open(t)
	d := s.stand(func(n int64) (time.Duration, int) {
		switch {
		case n == 20:
			return 1400 * time.Millisecond, http.StatusCreated
		case n%4 == 0 && n <= 40: // none of them is among the last
			return 400 * time.Millisecond, http.StatusCreated
		}
		return 0, http.StatusCreated
	})
	got := s.row(s.measures(d, during))
	if got.p50 > 250 || got.p95 < 390 || got.p95 > 1100 {
		s.NotYet(check.Finding{
			Say: "Of a hundred commands 87 were answered at once, 12 after 400 ms and one after 1400 ms. measure says otherwise.", Got: fmt.Sprintf("p50 %.1f ms, p95 %.1f ms", got.p50, got.p95), Want: "a p50 of a few ms, and a p95 of 400 ms",
			At: "measure/load.go", Next: "Sort the times; p95 is the one below which 95 of a hundred are.",
		})
	}
}

// A command that fails ends in an error, and not in a fast number.
func TestStep06_ACommandThatFailsIsToldOf(t *testing.T) {
	t.Parallel()
	s := open(t)
	d := s.stand(func(n int64) (time.Duration, int) {
		if n == 10 {
			return 0, http.StatusInternalServerError
		}
		return 0, http.StatusCreated
	})
	run := s.measures(d, during/2)
	if exit, _ := run.Exit(); exit.OK() {
		s.NotYet(check.Finding{
			Say: "order refused a command with 500, and measure ends as if all went well.", Got: exit.Say, Want: "exit status 1", At: "measure/load.go", Next: "Return the error of send.", Output: run.Output(),
		})
	}
}

// The file has what was measured: alone, before and after.
func TestStep06_MeasuredBeforeAndAfter(t *testing.T) {
	t.Parallel()
	s := open(t)
	text, there := s.Files().Read("measure.csv")
	if !there {
		s.NotYet(check.Finding{
			Say: "There is no file measure.csv.", Got: "no file", Want: "three rows: alone, before and after", At: "measure.csv", Next: "Run go run ./measure alone, then before, then after, in the terminal.",
		})
	}
	rows := s.rows(text)
	for _, run := range []string{"alone", "before", "after"} {
		m, there := rows[run]
		if !there || m.p50 <= 0 || m.p95 < m.p50 || (m.reads > 0) == (run == "alone") {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("measure.csv has no sound row for the run %s.", run), Got: fmt.Sprintf("%.300s", text), Want: "reads (none for alone), and p50 not above p95", At: "measure.csv", Next: fmt.Sprintf("Run go run ./measure %s in the terminal.", run),
			})
		}
	}
	if rows["after"].reads <= rows["before"].reads {
		s.NotYet(check.Finding{
			Say: "Fewer pages were read from the view than from the tables of the orders.", Got: fmt.Sprintf("%.0f a second after, %.0f before", rows["after"].reads, rows["before"].reads), Want: "more after than before", At: "measure.csv",
			Next: "Measure again with nothing else running. If it stays so, look for an index that the view lacks.",
		})
	}
	s.Saw(check.Finding{Say: fmt.Sprintf("measure.csv says that %.0f pages a second were read from the view, and %.0f from the tables of the orders.", rows["after"].reads, rows["before"].reads)})
}

// While the read database is slow commands are as quick as before, and the other way round.
func TestStep06_NeitherSideSlowsTheOther(t *testing.T) {
	s := open(t)
	c := s.customer()
	c.places(cup, 1)
	c.shows("", "")
	const delay = 600 * time.Millisecond
	for _, side := range []struct {
		part string
		ask  func() *check.Answer
	}{
		{"read", func() *check.Answer {
			return s.try(s.order, http.MethodPost, "/orders", map[string]any{"customer": fresh("customer"), "sku": cup.sku, "quantity": 1})
		}},
		{"write", func() *check.Answer { return s.try(s.history, http.MethodGet, c.path(), nil) }},
	} {
		slow := s.Fault(side.part)
		slow.Slow(delay)
		quickest := time.Hour
		for range 5 {
			begin := time.Now()
			if answer := side.ask(); ok(answer) {
				quickest = min(quickest, time.Since(begin))
			}
		}
		slow.Heal()
		if quickest >= delay {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The database %s is slow, and requests of the other side wait for it.", side.part), Got: fmt.Sprintf("%.1f s at best", min(quickest, 10*time.Second).Seconds()), Want: "less than 0.6 s", At: "history/main.go",
				Next: "Let each side use its own database alone.",
			})
		}
	}
}
