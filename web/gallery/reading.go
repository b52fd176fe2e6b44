package gallery

import "cnalab/web/lab"

const prose = `<p>On Friday the warehouse counted eight boxes where the shop said nine. Product had heard the <button type="button" class="word" popovertarget="word-1">event</button><span id="word-1" class="word-means" popover>An event is a fact that one service tells everybody.</span> of order 41 <strong>twice</strong>.</p>
<ol><li>In <a href="file:product/consumer.go:41">product/consumer.go</a>, remember each event's id.</li>
<li>Write it in the same transaction as the stock; see <a href="file:product/schema.sql">product/schema.sql</a>.</li></ol>
<pre tabindex="0" class="chroma"><code><span class="kd">func</span> <span class="nf">handle</span><span class="p">(</span><span class="nx">e</span> <span class="nx">Event</span><span class="p">)</span> <span class="c1">// once</span>
</code></pre>
<svg viewBox="0 0 420 90" role="img" aria-label="Order writes to the log, product reads from it"><rect class="box" x="10" y="20" width="110" height="44" rx="6"/><text class="label" x="44" y="47">order</text><path class="line hot" d="M120 42h170"/><rect class="box hot" x="290" y="20" width="120" height="44" rx="6"/><text class="label hot" x="322" y="47">product</text></svg>
<div class="question" role="group" aria-labelledby="question-1" data-question="question-1"><div class="question-asks" id="question-1">The same event comes a third time, an hour later. What becomes of the stock?</div>
<button type="button" class="button" aria-pressed="false">It goes down once more.</button>
<button type="button" class="button" aria-pressed="false" data-right>It stays: the table <code>handled</code> knows the event.</button>
<details><summary>Look, and compare</summary>
<div class="code" data-language="sh"><pre class="chroma" tabindex="0"><code>kcat -P -t orders event.json</code></pre></div>
<p>Nothing happens: the row is there.</p></details></div>
<p>You will see the stock of <code>sku-7</code> go down by one, however often the event comes.</p>`

// charts are those of a text, before something is measured and with the table of what was.
const charts = `<figure class="chart"><figcaption>What you have measured</figcaption>
<p class="chart-empty">Nothing is measured yet. Run <code>go run ./measure</code>.</p></figure>
<figure class="chart"><figcaption>What you have measured</figcaption>
<div class="chart-plots"><div class="chart-plot"><p>Pages a second</p><div role="img" aria-label="before: 410, after: 2050"></div></div></div>
<div class="chart-table" tabindex="0" role="region" aria-label="What you have measured"><table><thead><tr><th scope="col">run</th><th scope="col">Pages a second</th></tr></thead><tbody><tr><th scope="row">before</th><td>410</td></tr><tr><th scope="row">after</th><td>2050</td></tr></tbody></table></div></figure>`

var hints = lab.Hints{At: at, Total: 3}

func stepper(verdicts ...lab.Verdict) lab.Stepper {
	titles := []string{"Publish what happened", "React to it", "The same event twice", "Both or neither", "Compensate", "The log is the truth"}
	stepper := lab.Stepper{At: at, Minutes: 35}
	for i, title := range titles {
		step := lab.StepperStep{Number: i + 1, Title: title}
		if i < len(verdicts) {
			step.Verdict = verdicts[i]
		}
		stepper.Steps = append(stepper.Steps, step)
	}
	return stepper
}

func text() lab.Text {
	return lab.Text{
		At: at, Title: "The same event twice", HTML: prose, Hints: hints, Solution: lab.Solution{At: at},
		Words:  []lab.Word{{Name: "event", Means: "An event is a fact that one service tells everybody.", Link: "https://example.org/event"}, {Name: "at least once", Means: "Kafka promises at least once: after a crash an event comes again."}},
		Before: &lab.StepLink{Number: 2, Title: "React to it"}, Next: next,
	}
}

func shown(n int) lab.Hints {
	h := hints
	for range n {
		h.Shown = append(h.Shown, lab.Hint{Title: "Where the id comes from", HTML: `<p>It is in the event; see <a href="file:order/outbox.go">order/outbox.go</a>.</p>`})
	}
	return h
}

func solution() lab.Solution {
	return lab.Solution{At: at, Shown: true, Typed: "go run ./topic -name orders -partitions 3", Files: []lab.SolutionFile{
		{Path: "product/consumer.go", Change: lab.Edited, HTML: `<pre tabindex="0" class="chroma"><code><span class="gd">-	return take(e.SKU)
</span><span class="gi">+	return once(e.ID, func() error { return take(e.SKU) })
</span></code></pre>`},
		{Path: "product/seen.go", Change: lab.Added, HTML: `<pre tabindex="0" class="chroma"><code><span class="kn">package</span> <span class="nx">main</span>
</code></pre>`},
		{Path: "product/old.go", Change: lab.Removed},
	}}
}

func steppers() []Exhibit {
	return []Exhibit{
		{"stepper/fresh", lab.StepperView(stepper())},
		{"stepper/half", lab.StepperView(stepper(lab.Passed, lab.Passed, lab.NotYet, lab.CouldNotCheck, lab.Checking))},
		{"stepper/done", lab.StepperView(stepper(lab.Passed, lab.Passed, lab.Passed, lab.Passed, lab.Passed, lab.Passed))},
	}
}

func texts() []Exhibit {
	english := text()
	english.Untranslated = true
	return []Exhibit{
		{"text/step", lab.TextView(text())},
		{"text/untranslated", lab.TextView(english)},
		{"text/chart", lab.TextView(lab.Text{At: at, Title: "Measure it", HTML: charts})},
		{"hints/none-shown", lab.HintsView(hints)},
		{"hints/one", lab.HintsView(shown(1))},
		{"hints/all", lab.HintsView(shown(3))},
		{"hints/no-hints", lab.HintsView(lab.Hints{At: at})},
		{"solution/hidden", lab.SolutionView(lab.Solution{At: at})},
		{"solution/shown", lab.SolutionView(solution())},
	}
}
