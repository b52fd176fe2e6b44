package labs

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// grams is a number with a name of its own.
type grams int

var korean = Translations{
	"%s has %d of %s.":  "%[3]s 가운데 %[2]d개가 %[1]s에 있습니다.",
	"the lamps":         "램프",
	"It failed.":        "실패했습니다.",
	"It says %q.":       "%q라고 합니다.",
	"%.1f MB, %v, %v.":  "%.1f MB, %v, %v입니다.",
	"%d g, %v, %s, %v.": "%d g, %v, %s, %v입니다.",
}

// TestMessages makes sentences, sends them as JSON and says them in both languages.
func TestMessages(t *testing.T) {
	tests := map[string]struct{ made, english, korean string }{
		"no arguments":         {Sprintf("It failed."), "It failed.", "실패했습니다."},
		"reordered and nested": {Sprintf("%s has %d of %s.", "order", 3, Sprintf("the lamps")), "order has 3 of the lamps.", "램프 가운데 3개가 order에 있습니다."},
		"not translated":       {Sprintf("%s has %s.", "order", Sprintf("the lamps")), "order has the lamps.", "order has 램프."},
		"a plain text is data": {Sprintf("It says %q.", "It failed, by its own words."), `It says "It failed, by its own words.".`, `"It failed, by its own words."라고 합니다.`},
		"a whole float":        {Sprintf("%.1f MB, %v, %v.", 20.0, true, 1e21), "20.0 MB, true, 1e+21.", "20.0 MB, true, 1e+21입니다."},
		"other types": {Sprintf("%d g, %v, %s, %v.", grams(5), []int{1, 2}, 1500*time.Millisecond, errors.New("no")),
			"5 g, [1 2], 1.5s, no.", "5 g, [1 2], 1.5s, no입니다."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.made != test.english {
				t.Fatalf("made %q, want %q", test.made, test.english)
			}
			m, ok := MessageOf(test.made)
			if !ok {
				t.Fatal("how it was made is not known")
			}
			text, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			var back Message
			if err := json.Unmarshal(text, &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(m, back); diff != "" {
				t.Errorf("through %s (-want +got):\n%s", text, diff)
			}
			if got := back.String(); got != test.english {
				t.Errorf("in English %q", got)
			}
			if got := back.In(korean); got != test.korean {
				t.Errorf("in Korean %q", got)
			}
		})
	}
}

func TestMessageWithoutArgumentsIsNoFormat(t *testing.T) {
	m := Message{Format: "100% of it"}
	if got := m.In(Translations{m.Format: "그것의 100%"}); m.String() != m.Format || got != "그것의 100%" {
		t.Errorf("got %q and %q", m, got)
	}
}

func TestMessageThatIsNone(t *testing.T) {
	for _, text := range []string{`5`, `{"format":"%v","args":[null]}`, `{"format":"%v","args":[[1]]}`, `{"format":"%d","args":[99999999999999999999]}`} {
		var m Message
		if err := json.Unmarshal([]byte(text), &m); err == nil {
			t.Errorf("%s is read as %+v", text, m)
		}
	}
}

func TestSprintfRemembersTheLatest(t *testing.T) {
	var m memory
	for i := range 3 * mostMade {
		m.put(fmt.Sprint(i), Message{Format: fmt.Sprint(i)})
	}
	if _, ok := m.get(fmt.Sprint(2 * mostMade)); !ok {
		t.Error("one of the latest is forgotten")
	}
	if _, ok := m.get("0"); ok || len(m.recent)+len(m.old) > 2*mostMade {
		t.Errorf("%d and %d are remembered", len(m.recent), len(m.old))
	}
}

func TestReportInAnotherLanguage(t *testing.T) {
	lab := &Lab{
		Steps:     []Step{{Number: 1, Texts: map[string]Text{"en": {Title: "Count"}, "ko": {Title: "세기"}}}},
		Sentences: map[string]Translations{"ko": korean},
	}
	r := Report{Steps: []StepReport{{Step: 1, Title: "Count", Checks: []CheckReport{{Title: "It failed.", Verdict: NotYet,
		Say: Sprintf("%s has %d of %s.", "order", 3, "lamps"), Got: "It failed.", Want: "3", Next: "Look.", Output: "It failed."}}}}}
	r.Conclude()
	got := lab.Translate(r, "ko").Steps[0]
	want := StepReport{Step: 1, Title: "세기", Verdict: NotYet, Checks: []CheckReport{{Title: "실패했습니다.", Verdict: NotYet,
		Say: "lamps 가운데 3개가 order에 있습니다.", Got: "실패했습니다.", Want: "3", Next: "Look.", Output: "It failed."}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(r, lab.Translate(r, "en")); diff != "" {
		t.Errorf("in English it changes (-want +got):\n%s", diff)
	}
}

// TestMessagesAreOfTheWordsThatAreThere shows that words which were cut or replaced
// are not said as they were before.
func TestMessagesAreOfTheWordsThatAreThere(t *testing.T) {
	of := func(say, other string) CheckReport {
		return CheckReport{Say: say, Messages: map[string]Message{"say": {Format: "%s was cut.", Args: []any{other}}, "got": {Format: "%d", Args: []any{1}}}}
	}
	for name, test := range map[string]struct {
		report CheckReport
		want   map[string]Message
	}{
		"as they were":  {of("Order was cut.", "Order"), map[string]Message{"say": {Format: "%s was cut.", Args: []any{"Order"}}}},
		"replaced":      {of(Sprintf("%d stopped.", 2), "Order"), map[string]Message{"say": {Format: "%d stopped.", Args: []any{int64(2)}}}},
		"not known":     {of("A stranger's.", "Order"), nil},
		"no arguments":  {of(Sprintf("It failed."), "Order"), nil},
		"nothing there": {CheckReport{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			test.report.KeepMessages()
			if diff := cmp.Diff(test.want, test.report.Messages); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
