package check

import "context"

// Alive ends the check as could not check where one of the parts is down by
// its own code's fault, with the lines that say why.
func (c *C) Alive(names ...string) {
	c.Helper()
	k := c.control()
	for _, name := range names {
		p, err := k.part(c.Context, name)
		c.Must(err, "The sandbox did not say how "+name+" is.")
		if p.dead() {
			c.CouldNotCheck(dead(c.Context, k, p))
		}
	}
}

func dead(ctx context.Context, k control, p part) Finding {
	say, output := p.Say, p.Detail
	if say == "" {
		say = "The service " + p.Name + " is down: " + p.State + "."
	}
	if output == "" {
		output = k.tail(context.WithoutCancel(ctx), p.Name, tailLines)
	}
	return Finding{Say: say, Next: "Mend " + p.Name + " first, then check again.", Output: output}
}
