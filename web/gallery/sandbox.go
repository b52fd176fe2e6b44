package gallery

import (
	"time"

	"cnalab/web/lab"
)

var noon = time.Date(2026, time.November, 21, 12, 1, 7, 0, time.Local)

var stages = []lab.Stage{
	{Name: "start Kafka", Done: true, Took: 3 * time.Millisecond},
	{Name: "start Postgres", Done: true, Took: 160 * time.Millisecond},
	{Name: "build the service order", Took: 1500 * time.Millisecond},
}

func sandbox(state lab.SandboxState) lab.Sandbox {
	b := lab.Sandbox{At: at, State: state}
	switch state {
	case lab.Opening:
		b.Stages = stages
	case lab.Open:
		b.Provider = "embedded"
		b.Since, b.Took, b.Stages, b.Parts = noon, 800*time.Millisecond, stages[:2], runningParts()
	case lab.Failed:
		b.Stages = append(stages[:2:2], lab.Stage{Name: "build the service order", Done: true, Say: "The disk is full.", Took: time.Second})
		b.Say, b.Next = "Postgres did not start.", "Free some space, then open the sandbox again."
		b.Detail = "FATAL:  could not write lock file \"postmaster.pid\": No space left on device"
	}
	return b
}

var faults = []string{"pause", "slow", "cut", "stop", "kill", "restart"}

func runningParts() []lab.Part {
	return []lab.Part{
		{Name: "kafka", Kind: "kafka", State: "running", Address: "127.0.0.1:40017", Faults: faults},
		{Name: "postgres", Kind: "postgres", State: "running", Address: "127.0.0.1:40018", Faults: faults},
		{Name: "order", Kind: "service", State: "building", Address: "127.0.0.1:40019", Faults: faults},
	}
}

func faultedParts() []lab.Part {
	return []lab.Part{
		{Name: "kafka", Kind: "kafka", State: "paused", Address: "127.0.0.1:40017", Faults: faults, Faulted: true},
		{Name: "postgres", Kind: "postgres", State: "slow", Address: "127.0.0.1:40018", Faults: faults, Faulted: true},
		{Name: "order", Kind: "service", State: "stopped", Address: "127.0.0.1:40019", Faults: faults, Faulted: true},
		{Name: "product", Kind: "service", State: "crashed", Address: "127.0.0.1:40020", Faults: faults,
			Say: "product ended by itself; it starts again in 4 s.", Detail: "panic: runtime error: invalid memory address"},
		{Name: "delivery", Kind: "service", State: "does not build", Address: "127.0.0.1:40021", Faults: faults,
			Say: "delivery does not build.", Detail: "delivery/main.go:12:2: undefined: ship"},
	}
}

func sandboxes() (all []Exhibit) {
	for _, state := range []lab.SandboxState{lab.Closed, lab.Opening, lab.Open, lab.Failed, lab.Closing, lab.None} {
		all = append(all,
			Exhibit{"status/" + string(state), lab.StatusView(sandbox(state))},
			Exhibit{"stages/" + string(state), lab.StagesView(sandbox(state))})
	}
	inside := sandbox(lab.Open)
	inside.Provider = "docker"
	paused, several := sandbox(lab.Open), sandbox(lab.Open)
	paused.Parts, several.Parts = faultedParts()[:1], faultedParts()
	all = append(all,
		Exhibit{"status/inside", lab.StatusView(inside)},
		Exhibit{"status/paused", lab.StatusView(paused)},
		Exhibit{"status/several", lab.StatusView(several)})
	return all
}

func parts() []Exhibit {
	faulted := sandbox(lab.Open)
	faulted.Parts = faultedParts()
	snapshot := sandbox(lab.Open)
	snapshot.SnapshotAt = noon
	bare := sandbox(lab.Open)
	bare.Parts = nil
	return []Exhibit{
		{"parts/bare", lab.PartsView(bare)},
		{"parts/snapshot", lab.PartsView(snapshot)},
		{"parts/none-yet", lab.PartsView(sandbox(lab.Closed))},
		{"parts/never", lab.PartsView(sandbox(lab.None))},
		{"parts/failed", lab.PartsView(sandbox(lab.Failed))},
		{"parts/running", lab.PartsView(sandbox(lab.Open))},
		{"parts/faulted", lab.PartsView(faulted)},
	}
}

func logs() []Exhibit {
	line := func(seconds int, part, text string) lab.Line {
		return lab.Line{Part: part, Time: noon.Add(time.Duration(seconds) * time.Second), Text: text}
	}
	return []Exhibit{
		{"log/never", lab.LogView(lab.Log{None: true})},
		{"log/empty", lab.LogView(lab.Log{Parts: []string{"kafka", "order"}})},
		{"log/lines", lab.LogView(lab.Log{Parts: []string{"order", "product"}, Lines: []lab.Line{
			line(0, "order", `{"time":"2026-11-21T12:01:07Z","level":"INFO","msg":"order placed","order":41,"total":{"eur":12}}`),
			line(0, "product", `{"level":"WARN","msg":"reserved sku-7 again","order":41}`),
			line(1, "product", `{"level":"ERROR","msg":"commit offset","error":"broken pipe"}`),
			line(2, "product", "panic: "+long),
		}})},
	}
}

// terminals has the states that a page is sent with; scripts bring the rest.
func terminals() []Exhibit {
	return []Exhibit{
		{"terminal/none", lab.TerminalView(lab.Terminal{Variables: []string{"KAFKA", "DATABASE_ORDER"}, Kinds: []string{"kafka", "postgres"}})},
		{"terminal/no-sandbox", lab.TerminalView(lab.Terminal{})},
	}
}
