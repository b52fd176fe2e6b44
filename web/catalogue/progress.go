package catalogue

import (
	"context"

	"cnalab/web/words"
)

// The states of a piece of the shop.
const (
	built   = "built"   // every step of its lab has passed
	atWork  = "at-work" // some have
	ahead   = "ahead"   // none has
	planned = "planned" // its lab is not written yet
)

func (l Lab) state() string {
	switch {
	case l.Planned || l.Steps == 0:
		return planned
	case l.Passed >= l.Steps:
		return built
	case l.Passed > 0:
		return atWork
	}
	return ahead
}

// built counts the labs whose pieces stand.
func (p Page) built() (n int) {
	for _, l := range p.Labs {
		if l.state() == built {
			n++
		}
	}
	return n
}

// planned counts the labs that are not written yet.
func (p Page) planned() (n int) {
	for _, l := range p.Labs {
		if l.Planned {
			n++
		}
	}
	return n
}

// half is the labs of one half of the course, in their order. A lab that says
// no half is in the first, so that each is in the list.
func (p Page) half(half string) (labs []Lab) {
	for _, l := range p.Labs {
		if (l.Half == "run") == (half == "run") {
			labs = append(labs, l)
		}
	}
	return labs
}

// action is what the link to the lab says.
func (l Lab) action(ctx context.Context) string {
	w := words.In(ctx).Catalogue
	switch l.state() {
	case built:
		return w.Again
	case atWork:
		return w.GoOn
	}
	return w.Start
}

// icon names the icon for the lab's state.
func (l Lab) icon() string {
	return map[string]string{built: "passed", atWork: "not-yet", ahead: "unchecked", planned: "circle-dashed"}[l.state()]
}
