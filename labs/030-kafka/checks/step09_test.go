//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// rush is how many orders the program load places here. Each has three events.
const rush = 2000

// loaded runs load to its end, and returns what it asked of the broker.
func loaded(c *check.C, within time.Duration) (topic string, tap *kafka.Tap, r *proc.Running) {
	c.Helper()
	topic = newTopic(c)
	tap = kafka.Open(c).Tap()
	r = proc.Build(c, "load").Start(proc.Call{
		Args: []string{"-topic", topic, "-orders", fmt.Sprint(rush)}, Env: []string{"KAFKA=" + tap.Address},
	})
	exit, over := r.Ended(within)
	if !over {
		c.NotYet(check.Finding{
			Say: fmt.Sprintf("The program load needs more than %s for %d events.", within, 3*rush), Got: fmt.Sprintf("still there after %s", within), Want: "a second or two",
			At: c.FirstFile("load/writer.go"), Next: "Let more messages share a request: BatchSize. A batch that is not full waits for BatchTimeout, 1 s by default.", Output: r.Output(),
		})
	}
	ended(c, r, exit)
	return topic, tap, r
}

// A request carries many messages.
func TestStep09_ARequestCarriesManyMessages(t *testing.T) {
	c := check.New(t)
	_, tap, r := loaded(c, 5*time.Second) // if each batch waits a second, six
	records, requests := 0, 0
	for _, b := range tap.Batches() {
		records += b.Records
	}
	for _, n := range tap.Acks() {
		requests += n
	}
	const least = 50
	if records < least*requests {
		c.NotYet(check.Finding{
			Say: "A produce request carries too few messages.", Got: fmt.Sprintf("%d messages in %d requests", records, requests),
			Want: fmt.Sprintf("%d messages or more in each request, on average", least), At: c.FirstFile("load/writer.go"),
			Next: "Raise BatchSize, and let a batch wait a few milliseconds for more messages: BatchTimeout.", Output: r.Output(),
		})
	}
	var took struct {
		PerSecond int `json:"per_second"`
	}
	if printed := r.Lines(); len(printed) > 0 && json.Unmarshal([]byte(printed[0]), &took) == nil && took.PerSecond > 0 {
		c.Saw(check.Finding{Say: fmt.Sprintf("The program load stores %d messages per second, %d in each request.", took.PerSecond, records/max(requests, 1))})
	}
}

// The batches are compressed.
func TestStep09_TheBatchesAreCompressed(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	_, tap, r := loaded(c, 20*time.Second)
	plain, batches := 0, tap.Batches()
	for _, b := range batches {
		if b.Compressed == "" {
			plain++
		}
	}
	if plain > 0 {
		c.NotYet(check.Finding{
			Say: "Batches are sent without compression.", Got: fmt.Sprintf("%d of %d batches not compressed", plain, len(batches)),
			Want: "every batch compressed", At: c.FirstFile("load/writer.go"),
			Next: "Set the Writer's Compression, for example to kafka.Lz4.", Output: r.Output(),
		})
	}
}

// Every event is still acknowledged by all in-sync replicas, and stored.
func TestStep09_NoEventIsLostForSpeed(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	topic, tap, r := loaded(c, 20*time.Second)
	for acks := range tap.Acks() {
		if acks != -1 {
			c.NotYet(check.Finding{
				Say: "The program load does not wait for all in-sync replicas: events may be lost.", Got: fmt.Sprintf("acks %d", acks),
				Want: "acks -1 (all)", At: c.FirstFile("load/writer.go"), Next: "Keep RequiredAcks: kafka.RequireAll.", Output: r.Output(),
			})
		}
	}
	var stored map[string]int
	proc.Await(c, 2*time.Second, func() *check.Finding {
		stored = map[string]int{}
		for _, m := range kafka.Open(c).Read(topic) {
			var e event
			if json.Unmarshal([]byte(m.Value), &e) == nil {
				stored[e.ID]++
			}
		}
		if len(stored) == 3*rush {
			return nil
		}
		return &check.Finding{
			Say: "The program load has ended, and not all of its events are in the log.", Got: fmt.Sprintf("%d different events", len(stored)),
			Want: fmt.Sprintf("%d different events", 3*rush), At: c.FirstFile("load/writer.go"),
			Next: "Let WriteMessages wait until Kafka has stored the messages: no Async. Leave the event in the value.",
		}
	}, r)
}

// The program load fails if Kafka refuses an event.
func TestStep09_ARefusalIsReported(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	tap := kafka.Open(c).Tap()
	tap.Refuse(kmsg.Produce, math.MaxInt, kafkago.TopicAuthorizationFailed)
	r := proc.Build(c, "load").Start(proc.Call{
		Args: []string{"-topic", newTopic(c), "-orders", "10"}, Env: []string{"KAFKA=" + tap.Address},
	})
	if exit, over := r.Ended(15 * time.Second); over && exit.OK() {
		c.NotYet(check.Finding{
			Say: "Kafka refuses the events, and the program load still ends with exit status 0.", Got: exit.Say, Want: "an exit status other than 0",
			At: c.FirstFile("load/writer.go"), Next: "Do not set Async: WriteMessages then returns before Kafka has answered, and never returns its error.", Output: r.Output(),
		})
	}
}

// No partition has most of the messages, and the events of an order are still
// on one partition.
func TestStep09_ThePartitionsShareTheMessages(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	topic, _, r := loaded(c, 20*time.Second)
	messages := kafka.Open(c).Read(topic)
	on, of := map[int]int{}, map[string]int{}
	for _, m := range messages {
		on[m.Partition]++
		var e event
		if json.Unmarshal([]byte(m.Value), &e) != nil {
			continue // another check tells of it
		}
		if before, seen := of[e.Order]; seen && before != m.Partition {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("The events of %s are on different partitions, so nobody reads them in order.", e.Order),
				Got: fmt.Sprintf("partitions %d and %d", before, m.Partition), Want: "all on one partition", At: c.FirstFile("load/writer.go"),
				Next: "Take the event's order as key, and keep the hash as Balancer.", Output: r.Output(),
			})
		}
		of[e.Order] = m.Partition
	}
	for partition, n := range on {
		if 100*n > 60*len(messages) {
			c.NotYet(check.Finding{
				Say: "One partition has most of the messages: its broker and its consumer do most of the work.",
				Got: fmt.Sprintf("%d %% of the messages on partition %d", 100*n/len(messages), partition), Want: "60 % or less on each of the 3 partitions",
				At: c.FirstFile("load/writer.go"), Next: "Most of the orders are from one customer. Choose a key with many values: the order.", Output: r.Output(),
			})
		}
	}
}
