//go:build lab

// Package checks looks at what the programs of this lab do: it starts them as
// many processes, reads the lines they print, and asks the broker what is
// there. It knows nothing of how they are written.
package checks

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"
)

// event is an event as the programs read it.
type event struct {
	ID     string `json:"id"`
	Order  string `json:"order,omitempty"`
	Kind   string `json:"kind"`
	Total  int    `json:"total,omitempty"`  // the programs do not know it, and must keep it
	Detail string `json:"detail,omitempty"` // nor this
}

func (e event) line() string {
	line, _ := json.Marshal(e) // it has only strings and a number
	return string(line)
}

// line is a line that a program printed; one of the names is set.
type line struct {
	Stored, Accepted, Refused, Unsent string
	Rejected                          int // the number of a line of stdin
	Handled, Replayed                 string
	Partition                         int
	Offset                            int64
}

// lines are those lines of the program that are JSON.
func lines(r *proc.Running) []line {
	var all []line
	for _, text := range r.Lines() {
		var l line
		if json.Unmarshal([]byte(text), &l) == nil {
			all = append(all, l)
		}
	}
	return all
}

// counts counts how often each event is named by the programs' lines.
func counts(name func(line) string, programs ...*proc.Running) map[string]int {
	all := map[string]int{}
	for _, r := range programs {
		for _, l := range lines(r) {
			if id := name(l); id != "" {
				all[id]++
			}
		}
	}
	return all
}

// The names that lines give to events.
func stored(l line) string   { return l.Stored }
func accepted(l line) string { return l.Accepted }
func refused(l line) string  { return l.Refused }
func unsent(l line) string   { return l.Unsent }
func handled(l line) string  { return l.Handled }
func replayed(l line) string { return l.Replayed }

// fresh makes a name that nothing in the broker has yet.
func fresh(name string) string { return name + "-" + strings.ToLower(rand.Text()[:8]) }

// newTopic makes a topic of the check's own, like the one that step 1 makes.
func newTopic(c *check.C) string {
	c.Helper()
	topic := fresh("orders")
	kafka.Open(c).CreateTopic(topic, 3)
	return topic
}

// feeder puts events on a topic, partition after partition.
type feeder struct {
	c     *check.C
	topic string
	sent  []string // IDs
}

// feed puts n events on each of the three partitions.
func (f *feeder) feed(n int) []string {
	f.c.Helper()
	var ids []string
	for partition := range 3 {
		var messages []kafka.Message
		for range n {
			order := fmt.Sprintf("order-%d", partition)
			e := event{ID: fmt.Sprintf("e-%d", len(f.sent)+len(ids)+1), Order: order, Kind: "placed"}
			messages = append(messages, kafka.Message{Key: order, Value: e.line()})
			ids = append(ids, e.ID)
		}
		kafka.Open(f.c).ProduceTo(f.topic, partition, messages...)
	}
	f.sent = append(f.sent, ids...)
	return ids
}

// missing lists those of the events that do not appear in the counts.
func missing(ids []string, in map[string]int) []string {
	var all []string
	for _, id := range ids {
		if in[id] == 0 {
			all = append(all, id)
		}
	}
	return all
}

// repeated lists those of the events that appear more than once.
func repeated(ids []string, in map[string]int) []string {
	var all []string
	for _, id := range ids {
		if in[id] > 1 {
			all = append(all, id)
		}
	}
	return all
}

// some shows a list of events, and of a long one where it is cut off.
func some(ids []string) string {
	if len(ids) > 8 {
		return fmt.Sprintf("%s, … (%d)", strings.Join(ids[:8], ", "), len(ids))
	}
	return strings.Join(ids, ", ")
}

// ended ends the check as not yet where the program did not end in good order.
func ended(c *check.C, r *proc.Running, exit proc.Exit) {
	c.Helper()
	if !exit.OK() {
		c.NotYet(check.Finding{
			Say: fmt.Sprintf("The program %s gave up.", r.Name), Got: exit.Say, Want: "exit status 0",
			Next: "Read what it printed.", Output: r.Output(),
		})
	}
}

// pause lets time pass in which nothing is looked for.
func pause(c *check.C, d time.Duration) {
	c.Helper()
	c.Stays(d, func() *check.Finding { return nil })
}
