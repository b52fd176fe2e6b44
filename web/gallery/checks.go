package gallery

import (
	"time"

	"cnalab/web/lab"
)

var at = lab.At{Lab: "event-driven", Step: 3}

var next = &lab.StepLink{Number: 4, Title: "Both or neither"}

const long = "The consumer took stock twice for order 41, because it does not remember which events it has already handled, " +
	"and the broker delivers an event again whenever a consumer ends before it has committed the offset"

func check(title string, verdict lab.Verdict) lab.Check {
	return lab.Check{Title: title, Verdict: verdict, Took: 120 * time.Millisecond}
}

func asked() lab.ResultBar {
	return lab.ResultBar{At: at, Checks: []lab.Check{
		check("Each stored order is published once.", lab.Unchecked),
		check("Stock moves once for an event that comes twice.", lab.Unchecked),
	}}
}

func running() lab.ResultBar {
	b := asked()
	b.Verdict = lab.Checking
	b.Checks[0].Verdict, b.Checks[1].Verdict = lab.Passed, lab.Checking
	return b
}

// before is a check that has not come to its checks yet.
func before(doing lab.Doing, part string) lab.ResultBar {
	b := asked()
	b.Verdict, b.Doing, b.Part = lab.Checking, doing, part
	return b
}

func cancelled() lab.ResultBar {
	b := asked()
	b.Cancelled = true
	return b
}

func passed() lab.ResultBar {
	b := asked()
	b.Verdict, b.NextStep, b.Isolation = lab.Passed, next, "account"
	b.Checks[0].Verdict, b.Checks[1].Verdict = lab.Passed, lab.Passed
	return b
}

func notYet() lab.ResultBar {
	b := passed()
	b.Verdict, b.NextStep = lab.NotYet, nil
	b.Checks[1] = lab.Check{
		Title: "Stock moves once for an event that comes twice.", Verdict: lab.NotYet, Took: 1300 * time.Millisecond,
		Say: "The same event came twice, and stock moved twice.", Got: "8 left of sku-7", Want: "9 left of sku-7",
		At: "product/consumer.go:41", Next: "Remember the ids of the events that you have handled.",
	}
	return b
}

func couldNotCheck() lab.ResultBar {
	b := asked()
	b.Verdict = lab.CouldNotCheck
	b.Say, b.Next = "product does not build.", "Fix the line below, then check again."
	b.Detail = "product/consumer.go:41:17: undefined: seen\nproduct/consumer.go:52:2: missing return"
	b.Checks[0].Verdict, b.Checks[1].Verdict = lab.CouldNotCheck, lab.CouldNotCheck
	return b
}

func wordy() lab.ResultBar {
	b := notYet()
	c := &b.Checks[1]
	c.Title, c.Say, c.Got, c.Want = long, long, "map[sku-1:"+long+"]", "same again"
	c.Output = "panic: runtime error: index out of range [3] with length 3\n\ngoroutine 41 [running]:\nshop/product.(*Consumer).handle(0xc000112000)\n\t/product/consumer.go:41 +0x1b4"
	return b
}

// repeated has two checks that found the same.
func repeated() lab.ResultBar {
	b := notYet()
	b.Checks[0] = b.Checks[1]
	b.Checks[1].Title = "Stock moves once for each event."
	return b
}

func mixed() lab.ResultBar {
	b := notYet()
	b.Verdict, b.Isolation = lab.CouldNotCheck, "none"
	b.Checks[0] = lab.Check{
		Title: "Each stored order is published once.", Verdict: lab.CouldNotCheck,
		Say: "Kafka did not answer within 10 s.", Next: "Heal Kafka in the parts, then check again.", Output: "dial tcp 127.0.0.1:40017: i/o timeout",
	}
	return b
}

func last() lab.ResultBar {
	b := passed()
	b.NextStep = nil
	return b
}

func resultBars() []Exhibit {
	return []Exhibit{
		{"result-bar/unchecked", lab.ResultBarView(asked())},
		{"result-bar/checking", lab.ResultBarView(running())},
		{"result-bar/opening", lab.ResultBarView(before(lab.Opens, ""))},
		{"result-bar/building", lab.ResultBarView(before(lab.Builds, ""))},
		{"result-bar/compiling", lab.ResultBarView(before(lab.Compiles, ""))},
		{"result-bar/healing", lab.ResultBarView(before(lab.Heals, "kafka"))},
		{"result-bar/cancelled", lab.ResultBarView(cancelled())},
		{"result-bar/passed", lab.ResultBarView(passed())},
		{"result-bar/passed-last", lab.ResultBarView(last())},
		{"result-bar/not-yet", lab.ResultBarView(notYet())},
		{"result-bar/could-not-check", lab.ResultBarView(couldNotCheck())},
		{"result-bar/long", lab.ResultBarView(wordy())},
	}
}

func verdicts() []Exhibit {
	return []Exhibit{
		{"verdicts/unchecked", lab.VerdictsView(asked())},
		{"verdicts/checking", lab.VerdictsView(running())},
		{"verdicts/passed", lab.VerdictsView(passed())},
		{"verdicts/not-yet", lab.VerdictsView(notYet())},
		{"verdicts/could-not-check", lab.VerdictsView(couldNotCheck())},
		{"verdicts/mixed", lab.VerdictsView(mixed())},
		{"verdicts/repeated", lab.VerdictsView(repeated())},
		{"verdicts/long", lab.VerdictsView(wordy())},
	}
}
