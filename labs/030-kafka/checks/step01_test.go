//go:build lab

package checks

import (
	"fmt"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const fortnight = 14 * 24 * time.Hour

// ensure runs topics for a name, and returns what the broker has of it then.
func ensure(c *check.C, name string) kafka.Topic {
	c.Helper()
	r := proc.Build(c, "topics").Run(15*time.Second, proc.Call{Args: []string{"-topic", name}})
	ended(c, r, r.Wait(0))
	topic, found := kafka.Open(c).Topic(name)
	if !found {
		c.NotYet(check.Finding{
			Say: "The program topics has ended, and there is no topic with the name from -topic.",
			Got: fmt.Sprintf("no topic %s", name), Want: fmt.Sprintf("a topic named %s", name), At: c.FirstFile("topics/main.go"),
			Next: "Create the topic that -topic names, and look at the errors in the broker's answer.", Output: r.Output(),
		})
	}
	return topic
}

// The topic has three partitions.
func TestStep01_TheTopicHasThreePartitions(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	topic := ensure(c, fresh("orders"))
	if n := len(topic.Partitions); n != 3 {
		c.NotYet(check.Finding{
			Say: "The topic does not have three partitions.", Got: n, Want: 3, At: c.FirstFile("topics/main.go"),
			Next: "Ask for three partitions when the topic is created.",
		})
	}
}

// Messages are kept for fourteen days.
func TestStep01_MessagesAreKeptForFourteenDays(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	topic := ensure(c, fresh("orders"))
	if got, want := topic.Config["retention.ms"], fmt.Sprint(fortnight.Milliseconds()); got != want {
		c.NotYet(check.Finding{
			Say: "The topic does not keep its messages for fourteen days.", Got: fmt.Sprintf("retention.ms %s", got), Want: fmt.Sprintf("retention.ms %s", want),
			At: c.FirstFile("topics/main.go"), Next: "Set retention.ms in milliseconds: 14 × 24 × 3600 × 1000.",
		})
	}
	plain, _ := kafka.Open(c).Topic(newTopic(c))
	for _, name := range []string{"cleanup.policy", "retention.bytes"} {
		if got, want := topic.Config[name], plain.Config[name]; got != want {
			c.NotYet(check.Finding{
				Say: "The topic deletes messages for another reason than their age.",
				Got: fmt.Sprintf("%s %s", name, got), Want: fmt.Sprintf("%s %s", name, want), At: c.FirstFile("topics/main.go"),
				Next: "Set retention.ms, and leave cleanup.policy and retention.bytes as the broker has them.",
			})
		}
	}
}

// A topic that exists already is left as it is.
func TestStep01_ASecondRunChangesNothing(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	name := fresh("orders")
	ensure(c, name)
	kafka.Open(c).Produce(name, kafka.Message{Key: "order-7", Value: "placed"})
	r := proc.Build(c, "topics").Run(15*time.Second, proc.Call{Args: []string{"-topic", name}})
	if exit := r.Wait(0); !exit.OK() {
		c.NotYet(check.Finding{
			Say: "The second run of topics fails, because the topic exists already.", Got: exit.Say, Want: "exit status 0",
			At: c.FirstFile("topics/main.go"), Next: "Treat the error TopicAlreadyExists as success: the topic exists, as you want.",
			Output: r.Output(),
		})
	}
	if n := len(kafka.Open(c).Read(name)); n != 1 {
		c.NotYet(check.Finding{
			Say: "The second run of topics lost a message.", Got: fmt.Sprintf("messages: %d", n), Want: "messages: 1",
			At: c.FirstFile("topics/main.go"), Next: "Create the topic only if it does not exist; never delete it.",
		})
	}
	leavesAlone(c)
}

// If the broker refuses the topic, the program fails.
func TestStep01_ARefusalIsToldOf(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	name := fresh("orders")
	kafka.Open(c).CreateTopic(name+".old", 1)
	refused := name + "_old" // brokers take names that differ in this alone for the same
	topics := proc.Build(c, "topics")
	tap := kafka.Open(c).Tap()
	tap.Refuse(kmsg.CreateTopics, 1000, kafkago.NotController) // which another broker than this one would not say
	for _, call := range []proc.Call{
		{Args: []string{"-topic", refused}},
		{Args: []string{"-topic", fresh("orders")}, Env: []string{"KAFKA=" + tap.Address}},
	} {
		r := topics.Run(15*time.Second, call)
		if exit := r.Wait(0); exit.OK() {
			c.NotYet(check.Finding{
				Say: "The broker refuses to create the topic, and the program topics still ends with exit status 0.", Got: exit.Say, Want: "an exit status other than 0",
				At: c.FirstFile("topics/main.go"), Next: "The answer has an error for each topic. Return it, unless it is TopicAlreadyExists.", Output: r.Output(),
			})
		}
	}
}

// If the broker does not answer, the program fails.
func TestStep01_ABrokerThatDoesNotAnswerIsToldOf(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	topics := proc.Build(c, "topics")
	args := []string{"-topic", fresh("orders")}
	alone := topics.Start(proc.Call{Args: args, Env: []string{"KAFKA=" + nobody}})
	tap := kafka.Open(c).Tap()
	tap.Hold(kmsg.CreateTopics)
	unanswered := topics.Start(proc.Call{Args: args, Env: []string{"KAFKA=" + tap.Address}})
	if exit := gaveUp(c, alone, "The broker cannot be reached, and the program topics does not end."); exit.OK() {
		c.NotYet(check.Finding{
			Say: "The broker cannot be reached, and the program topics still ends with exit status 0.", Got: exit.Say, Want: "an exit status other than 0",
			At: c.FirstFile("topics/main.go"), Next: "Look at the error of the request as well as at those in its answer.", Output: alone.Output(),
		})
	}
	if exit := gaveUp(c, unanswered, "The broker takes the request and never answers, and the program topics does not end."); exit.OK() {
		c.NotYet(check.Finding{
			Say: "The broker takes the request and never answers, and the program topics still ends with exit status 0.",
			Got: exit.Say, Want: "an exit status other than 0", At: c.FirstFile("topics/main.go"),
			Next: "Return the error of the request also when the time is over: you cannot know then whether the topic exists.", Output: unanswered.Output(),
		})
	}
}

// gaveUp waits until the program ends that gets no answer, and ends the check as
// not yet where it waits for ever.
func gaveUp(c *check.C, r *proc.Running, say string) proc.Exit {
	c.Helper()
	exit, over := r.Ended(15 * time.Second)
	if !over {
		c.NotYet(check.Finding{
			Say: say, Got: "still there after 15 s", Want: "an exit status other than 0",
			At: c.FirstFile("topics/main.go"), Next: "Give the request a context that ends, and return its error.", Output: r.Output(),
		})
	}
	return exit
}

// nobody is an address where no broker answers: the port is kept for a service
// that no machine has any more.
const nobody = "127.0.0.1:1"

// leavesAlone ends the check as not yet where topics changes a topic that
// somebody has made in another way.
func leavesAlone(c *check.C) {
	c.Helper()
	name := fresh("orders")
	kafka.Open(c).CreateTopic(name, 2)
	before, _ := kafka.Open(c).Topic(name)
	after := ensure(c, name)
	want := fmt.Sprintf("2 partitions, retention.ms %s", before.Config["retention.ms"])
	if got := fmt.Sprintf("%d partitions, retention.ms %s", len(after.Partitions), after.Config["retention.ms"]); got != want {
		c.NotYet(check.Finding{
			Say: "The program topics changes a topic that existed before.", Got: got, Want: want,
			At: c.FirstFile("topics/main.go"), Next: "If the topic exists already, leave it as it is: somebody may rely on its settings.",
		})
	}
}
