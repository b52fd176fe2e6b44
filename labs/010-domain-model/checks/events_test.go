//go:build lab

package checks

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// event is what anybody can see of one. Those of the learner's own may have
// other fields.
type event struct {
	Type    gomod.TypeName
	OrderID *string
	Total   *money
	Lines   *[]line
}

// events are what an order tells, asked twice.
type events struct {
	Events []event
	Again  []event       `of:"Events"`
	Facts  []gomod.Whole `of:"Events"` // with all that is in them
	Later  []gomod.Whole `of:"Events"`
}

// recorded returns the events that the step names, as words; others may be there.
func recorded(c *gomod.Child, all []event) []string {
	var words []string
	for _, e := range all {
		name := string(e.Type)
		if strings.HasPrefix(name, "*") {
			c.NotYet(check.Finding{
				Say: "Events returns a pointer, so a reader can change the event.", Got: name, Want: strings.TrimPrefix(name, "*"),
				Next: "Record and return the event itself, without &.",
			})
		}
		switch name {
		case "order.OrderPlaced", "order.OrderShipped", "order.OrderCancelled":
			words = append(words, e.String())
		}
	}
	return words
}

// allOf are all events as words, those of the learner's own too.
func allOf(all []event) []string {
	var words []string
	for _, e := range all {
		words = append(words, e.String())
	}
	return words
}

func (e event) String() string {
	text := strings.TrimPrefix(string(e.Type), "order.")
	if e.OrderID != nil {
		text += " " + *e.OrderID
	}
	if (e.Type == "order.OrderPlaced" || e.Type == "order.OrderCancelled") && e.Total != nil && e.Lines != nil {
		text += fmt.Sprintf(", total %s: %s", *e.Total, shows(*e.Lines))
	}
	return text
}

// same reads the events of an order twice.
func same(c *gomod.Child, now events, say, done string, want []string) {
	if got := recorded(c, now.Events); !slices.Equal(got, want) {
		c.NotYet(check.Finding{Say: say, Got: listed(got), Want: listed(want), Output: done, Next: "Record each event once, where the change is made."})
	}
	recorded(c, now.Again)
	if got, want, other := differ(now.Again, now.Events, now.Later, now.Facts); other {
		c.NotYet(check.Finding{
			Say: "Events returns something else when it is called again.", Got: got, Want: want, Output: done,
			Next: "Let Events return a copy of what is recorded, and change nothing.",
		})
	}
}

// differ reports whether events are others than those before, and shows both: as
// words, or whole where these are the same.
func differ(now, before []event, facts, factsBefore []gomod.Whole) (got, want string, other bool) {
	if got, want := listed(allOf(now)), listed(allOf(before)); got != want {
		return got, want, true
	}
	for i := range min(len(facts), len(factsBefore)) {
		if facts[i] != factsBefore[i] {
			short := strings.NewReplacer("order.", "")
			return short.Replace(string(facts[i])), short.Replace(string(factsBefore[i])), true
		}
	}
	return "", "", len(facts) != len(factsBefore)
}

func listed(words []string) string {
	if len(words) == 0 {
		return "no event"
	}
	return strings.Join(words, "; ")
}

// command is a call of an order, and what it records.
type command struct {
	call        gomod.Call
	name, event string
	adds        *line  // that Add puts on the order
	removes     string // whose line Remove takes off
}

// recordsOnce makes random calls: each change is in the events once and in
// order, and a refused call is not.
func recordsOnce(c *gomod.Child) {
	tea, cup := newLine(c, "tea", 2, 435, "EUR"), newLine(c, "cup", 1, 1200, "EUR")
	commands := []command{
		{call: gomod.Call{Name: "Ship"}, name: "Ship()", event: "OrderShipped o-1"},
		{call: gomod.Call{Name: "Cancel"}, name: "Cancel()", event: "OrderCancelled o-1"},
		{call: gomod.Call{Name: "Add", Args: []any{cup.Value}}, name: "Add(1 × cup)", adds: &cup.line},
		{call: gomod.Call{Name: "Remove", Args: []any{"cup"}}, name: `Remove("cup")`, removes: "cup"},
		{call: gomod.Call{Name: "Add", Args: []any{tea.Value}}, name: "Add(2 × tea)", adds: &tea.line},
	}
	var stories []gomod.Story
	var made [][]command
	for seed := range uint64(120) {
		r := rand.New(rand.NewPCG(seed, 0))
		story := gomod.Story{First: gomod.Call{Name: "order.Place", Args: []any{"o-1", tea.Value}}}
		var some []command
		n := 1 + r.IntN(5)
		for i := range n {
			one := commands[r.IntN(len(commands))]
			one.call.Unread = unread(seed, r, i == n-1)
			some, story.Then = append(some, one), append(story.Then, one.call)
		}
		stories, made = append(stories, story), append(made, some)
	}
	for i, moments := range gomod.Tell[events](c, stories...) {
		if len(moments) > 0 {
			wantOrder(c, moments[0].Nil, moments[0].Err, []line{tea.line})
			follows(c, tea.line, made[i], moments)
		}
	}
}

// with is the event with the lines that are on the order then.
func with(event string, lines []line) string {
	total := money{Currency: "EUR"}
	for _, l := range lines {
		total.Cents += l.sum()
	}
	return fmt.Sprintf("%s, total %s: %s", event, total, shows(lines))
}

// changes makes the call of the lines, which the order has accepted.
func (one command) changes(lines []line) []line {
	lines = slices.DeleteFunc(lines, func(l line) bool { return l.Item.ProductID == one.removes })
	if one.adds != nil {
		lines = append(lines, *one.adds)
	}
	return lines
}

func follows(c *gomod.Child, first line, made []command, moments []gomod.Moment[events]) {
	lines := []line{first}
	want := []string{with("OrderPlaced o-1", lines)}
	done := []string{`o, _ := Place("o-1", 2 × tea at 435 cents EUR)`}
	same(c, moments[0].Seen, "Placing an order does not record what happened.", done[0], want)
	for i, now := range moments[1:] {
		one, before, all := made[i], moments[i].Seen, now.Seen
		done = append(done, fmt.Sprintf("o.%s → %v", one.name, outcome(now.Err)))
		if now.Err == nil {
			if lines = one.changes(lines); one.call.Name == "Cancel" {
				want = append(want, with(one.event, lines))
			} else if one.event != "" {
				want = append(want, one.event)
			}
		}
		if now.Unread {
			done[len(done)-1] += ", and Events is not asked"
			continue
		}
		if got, want, other := differ(all.Events, before.Events, all.Facts, before.Facts); now.Err != nil && !moments[i].Unread && other {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("%s was refused, but it changed the events.", one.name), Got: got, Want: want,
				Output: strings.Join(done, "\n"), Next: "Record the event after the last rule was checked.",
			})
		}
		n := min(len(all.Events), len(before.Events))
		if got, want, other := differ(all.Events[:n], before.Events, all.Facts[:min(n, len(all.Facts))], before.Facts); other {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("%s changes what was recorded before it.", one.name), Got: got, Want: want,
				Output: strings.Join(done, "\n"), Next: "Append to what is recorded, and leave the rest alone.",
			})
		}
		same(c, now.Seen, "The events do not match what has happened.", strings.Join(done, "\n"), want)
	}
}

func outcome(err error) string {
	if err != nil {
		return "refused"
	}
	return "done"
}
