package check

import (
	"encoding/json"

	"cnalab/labs"
)

// Saw tells what a check has seen that is worth showing though it is as it
// should be, such as a measurement. It is the last thing that a check says: of
// two findings the first counts.
func (c *C) Saw(f Finding) {
	c.Helper()
	said, err := json.Marshal(Said{labs.Passed, f.Say, show(f.Got), show(f.Want), f.At, f.Next, f.Output})
	if err != nil {
		c.Fatalf("encode finding: %v", err)
	}
	c.Attr(Attribute, string(said))
}
