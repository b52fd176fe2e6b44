//go:build lab

package checks

import (
	"slices"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// judged has the calls of the list made, and returns the first rule that one of
// them breaks.
func judged(c *gomod.Child, statuses statuses, l list) *check.Finding {
	for _, moments := range gomod.Tell[seen](c, l.story()) {
		if f := judge(c, statuses, l, moments); f != nil {
			return f
		}
	}
	return nil
}

// judge holds what was seen after each call against the rules. There are fewer
// moments than calls where one of those has crashed.
func judge(c *gomod.Child, statuses statuses, l list, moments []gomod.Moment[seen]) *check.Finding {
	if len(moments) == 0 {
		return nil
	}
	wantOrder(c, moments[0].Nil, moments[0].Err, linesOf(l.first))
	model := model{statuses: statuses, status: statuses.placed, lines: linesOf(l.first)}
	for i, after := range moments[1:] {
		before, want := moments[i], model.takes(l.steps[i])
		if want != (after.Err == nil) {
			return disagreed(want, after.Err)
		}
		if after.Unread {
			continue
		}
		if now := after.Seen; !want && !before.Unread && !now.same(before.Seen) {
			return &check.Finding{Say: "The last of these calls is refused, but it changes the order.", Got: now, Want: before.Seen}
		}
		if f := model.differs(after.Seen); f != nil {
			return f
		}
	}
	return nil
}

func disagreed(want bool, err error) *check.Finding {
	if want {
		return &check.Finding{Say: "The last of these calls is refused, although it breaks no rule.", Got: err, Want: "no error"}
	}
	return &check.Finding{Say: "The last of these calls breaks a rule, but it returns no error.", Got: "no error", Want: "an error"}
}

// shorten leaves out every call without which the rule is still broken.
func shorten(c *gomod.Child, statuses statuses, l list) list {
	for i := 0; i < len(l.steps); {
		without := list{l.first, slices.Delete(slices.Clone(l.steps), i, i+1)}
		if judged(c, statuses, without) == nil {
			i++
			continue
		}
		l, i = without, 0
	}
	return l
}
