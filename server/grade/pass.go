package grade

import (
	"encoding/json"
	"io"
	"strings"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/server/grade/testlog"
)

// pass is one process of the check binary, and what its events tell.
type pass struct {
	*runner
	step    int
	several bool // it is for more than one check
	checks  map[string]*labs.CheckReport
	ended   map[string]bool
	again   bool // those that have not ended have to run again, one by one

	mu      sync.Mutex // guards open: the guard looks at it while events come
	open    map[string]*running
	idle    time.Time // since when no check is at work
	printed int64
	stray   testlog.Tail // what belongs to no check: a panic before the first, for one
	attr    strings.Builder
}

// running is a check that has started and not ended.
type running struct {
	since   time.Time // for the guard's deadline
	began   time.Time // as the event says
	last    time.Time
	paused  bool          // it lets others go first; it has done nothing that could hurt
	beside  bool          // it runs beside others
	more    time.Duration // that it has asked for
	finding *check.Result
	output  testlog.Tail
}

// event is one line of test2json.
type event struct {
	Time   time.Time
	Action string
	Test   string
	Output string
	Key    string
	Value  string
}

// read takes events until the process and all that shares its output end.
func (p *pass) read(events io.Reader) error {
	decoder := json.NewDecoder(events)
	for {
		var e event
		if err := decoder.Decode(&e); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
		p.parse(e)
	}
}

func (p *pass) parse(e event) {
	name, sub, _ := strings.Cut(e.Test, "/")
	c := p.checks[name]
	if e.Action == "output" {
		p.output(name, e)
		return
	}
	if c == nil || p.ended[name] {
		return
	}
	switch e.Action {
	case "run":
		if sub == "" {
			p.start(name, e.Time)
		}
	case "pause":
		p.pause(name)
	case "cont":
		p.goOn(name, e.Time)
	case "attr":
		p.found(name, e.Key, e.Value)
	case "pass", "fail", "skip":
		if sub == "" {
			p.end(name, e.Action)
		}
	}
}

func (p *pass) start(name string, at time.Time) {
	p.mu.Lock()
	p.open[name] = &running{since: time.Now(), began: at, last: at}
	p.mu.Unlock()
	p.started(p.step, p.checks[name])
}

// pause notes that a check waits for those that run alone.
func (p *pass) pause(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.open[name]; r != nil {
		r.paused = true
	}
}

// goOn notes that it goes on.
func (p *pass) goOn(name string, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.open[name]; r != nil && r.paused {
		r.paused, r.beside, r.since, r.began = false, true, time.Now(), at
	}
}

// found keeps the first finding: what a check says later, while it cleans
// up, does not take its word back.
func (p *pass) found(name, key, value string) {
	r := p.open[name]
	if key == check.WorkAttribute && r != nil {
		p.works(name, r, value)
	}
	if key != check.Attribute || r == nil || r.finding != nil {
		return
	}
	var finding check.Result
	if json.Unmarshal([]byte(value), &finding) == nil {
		r.finding = &finding
	}
}

// works tells what a check is at that takes long, and gives it time for that.
func (p *pass) works(name string, r *running, value string) {
	var work check.Work
	if json.Unmarshal([]byte(value), &work) != nil {
		return
	}
	p.mu.Lock()
	r.more += work.More
	p.mu.Unlock()
	c := p.checks[name]
	p.report(p.step, labs.CheckReport{Name: c.Name, Title: c.Title, Say: work.Say, Next: work.Next})
}

func (p *pass) end(name, action string) {
	p.mu.Lock()
	r := p.open[name]
	delete(p.open, name)
	p.mu.Unlock()
	switch {
	case r == nil:
	case r.beside && p.several && action == "fail" && r.finding == nil:
		p.again = true // a crash, it may be, whose words are taken for another's
	default:
		p.finish(name, r, judge(action, r))
	}
}

// finish writes a check's report and tells of it.
func (p *pass) finish(name string, r *running, report labs.CheckReport) {
	c := p.checks[name]
	report.Name, report.Title = c.Name, c.Title
	if r != nil {
		report.MS = r.last.Sub(r.began).Milliseconds()
	}
	report.Output = p.readable(report.Output)
	*c = report
	p.ended[name] = true
	p.report(p.step, report)
}

// readable makes output fit for a report: bounded, and with paths that start
// in the workspace or in the lab's folder.
func (p *pass) readable(output string) string {
	if p.Workspace != "" {
		output = strings.ReplaceAll(output, p.Workspace+"/", "")
	}
	return strings.TrimRight(testlog.Bounded(testlog.InLab(p.Lab.Folder, output)), "\n")
}
