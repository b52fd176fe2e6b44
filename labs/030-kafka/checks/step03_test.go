//go:build lab

package checks

import (
	"fmt"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"
)

// An event is called stored when all in-sync replicas have it, and not before.
func TestStep03_StoredMeansAcknowledged(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	topic := newTopic(c)
	tap := kafka.Open(c).Tap()
	tap.Delay(500 * time.Millisecond)
	r := proc.Build(c, "produce").Start(proc.Call{
		Args: []string{"-topic", topic}, Env: []string{"KAFKA=" + tap.Address}, Open: true,
	})
	early := false
	for i, e := range []event{interleaved(1)[0], {ID: "e-2", Kind: "visited"}} {
		_ = r.Send(e.line()) // more may come: who waits for the end waits for ever
		proc.Await(c, 10*time.Second, func() *check.Finding {
			if counts(stored, r)[e.ID] > 0 {
				return nil
			}
			return &check.Finding{
				Say: "The program produce did not print that its event is stored.", Got: "nothing after 10 s", Want: fmt.Sprintf(`{"stored":%q}`, e.ID),
				At: c.FirstFile("produce/main.go"), Next: "Publish each line when it comes, and print it when its write has returned without an error.",
			}
		}, r)
		early = early || tap.Answered() <= i
	}
	_ = r.CloseInput()
	ended(c, r, r.Wait(10*time.Second))
	for acks := range tap.Acks() {
		if acks != -1 {
			c.NotYet(check.Finding{
				Say: "A message may be lost though produce called it stored: the broker did not wait for all in-sync replicas.",
				Got: fmt.Sprintf("acks %d", acks), Want: "acks -1 (all)", At: c.FirstFile("produce/kafka.go", "produce/main.go"),
				Next: "Set RequiredAcks to kafka.RequireAll; a Writer's default is to ask for none.",
			})
		}
	}
	if early {
		c.NotYet(check.Finding{
			Say: "The program produce called an event stored before the broker had answered.", At: c.FirstFile("produce/main.go"),
			Got: "stored at once", Want: "stored when the broker has confirmed it",
			Next: "Wait for the answer of each write; an Async Writer does not.", Output: r.Output(),
		})
	}
}
