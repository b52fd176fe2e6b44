package session

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// noticeDeath remembers a broker or a database server that ended by itself
// while checks ran. What they said of the work afterwards proves nothing.
// s.mu is held.
func (s *Session) noticeDeath(part sandbox.Part) {
	if s.run == nil || part.Kind == "service" || part.State != sandbox.Crashed || slices.Contains(s.run.died, part.Name) {
		return
	}
	s.run.died = append(s.run.died, part.Name)
}

// afterDeaths takes back each not yet of a run in which parts died, and brings
// the parts up again in the sandbox's order. What has passed stays: it was proved.
func (s *Session) afterDeaths(ctx context.Context, running sandbox.Sandbox, r *run, report labs.Report) labs.Report {
	s.mu.Lock()
	died := slices.Clone(r.died)
	s.mu.Unlock()
	if len(died) == 0 {
		return report
	}
	order := map[string]int{}
	for i, part := range running.Parts() {
		order[part.Name] = i
	}
	slices.SortStableFunc(died, func(a, b string) int { return order[a] - order[b] })
	say, next := deathSays(died), revive(ctx, running, died)
	for i := range report.Steps {
		for j := range report.Steps[i].Checks {
			if check := &report.Steps[i].Checks[j]; check.Verdict != labs.Passed {
				check.Verdict, check.Say, check.Next = labs.CouldNotCheck, say, next
				check.Got, check.Want, check.At, check.Output = "", "", "", ""
			}
		}
	}
	report.Conclude()
	return report
}

// revive brings the parts up again, and says what the learner can do then.
func revive(ctx context.Context, running sandbox.Sandbox, parts []string) (next string) {
	next = "It runs again: check once more."
	if len(parts) > 1 {
		next = "They run again: check once more."
	}
	for _, part := range parts {
		if err := running.Heal(ctx, part); err != nil {
			next = "Close the sandbox and open it again. Your files are saved."
		}
	}
	return next
}

// deathSays names the parts that stopped: "Kafka and postgres stopped …".
func deathSays(parts []string) string {
	last := len(parts) - 1
	if last == 0 {
		return fmt.Sprintf("%s stopped while the check ran.", capital(parts[last]))
	}
	return fmt.Sprintf("%s and %s stopped while the check ran.", capital(strings.Join(parts[:last], ", ")), parts[last])
}

// capital is a text that begins a sentence.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
