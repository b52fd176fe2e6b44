package kafka

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"

	"cnalab/labs"
	"cnalab/labs/check"
)

// broker starts a broker of the test's own and points checks at it.
func broker(t *testing.T) *Client {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	t.Setenv(labs.EnvKafka, cluster.ListenAddrs()[0])
	return Open(check.New(t))
}

func TestTopicIsDescribed(t *testing.T) {
	k := broker(t)
	if topic, found := k.Topic("orders"); found {
		t.Fatalf("before: got %+v", topic)
	}
	k.CreateTopic("orders", 3)
	k.CreateTopic("orders", 5) // is there already
	topic, found := k.Topic("orders")
	if !found || !cmp.Equal(topic.Partitions, []int{0, 1, 2}) || topic.Config["retention.ms"] == "" {
		t.Errorf("got %+v, %v", topic, found)
	}
}

func TestTopicIsConfiguredForAWhile(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 1)
	largest := func() string {
		topic, _ := k.Topic("orders")
		return topic.Config["max.message.bytes"]
	}
	before := largest()
	reset := k.Configure("orders", "max.message.bytes", "25000")
	if got := largest(); got != "25000" {
		t.Errorf("configured: got %s", got)
	}
	reset()
	if got := largest(); got != before {
		t.Errorf("reset: got %s, want %s", got, before)
	}
}

func TestReadReturnsAllThatWasProduced(t *testing.T) {
	k := broker(t)
	if got := k.Read("nowhere"); len(got) != 0 {
		t.Errorf("a topic that is not there: got %v", got)
	}
	k.CreateTopic("orders", 3)
	at := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	k.ProduceTo("orders", 2, Message{
		Key: "order-7", Value: "placed", Headers: map[string]string{"trace": "abc"}, Time: at,
	})
	got := k.Read("orders")
	want := []Message{{
		Key: "order-7", Value: "placed", Headers: map[string]string{"trace": "abc"}, Time: at, Partition: 2,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadReturnsManyInTheOrderOfTheirOffsets(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 1)
	for batch := range 10 {
		var messages []Message
		for i := range 100 {
			messages = append(messages, Message{Value: fmt.Sprint(batch*100+i, strings.Repeat(".", 2000))})
		}
		k.Produce("orders", messages...)
	}
	got := k.Read("orders")
	if len(got) != 1000 {
		t.Fatalf("got %d messages", len(got))
	}
	for i, m := range got {
		if m.Offset != int64(i) || !strings.HasPrefix(m.Value, fmt.Sprint(i, ".")) {
			t.Fatalf("message %d: offset %d, value %.10s", i, m.Offset, m.Value)
		}
	}
}

func TestProduceKeepsAKeyTogetherAndSpreadsTheRest(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 3)
	for range 3 {
		k.Produce("orders", Message{Key: "order-7"}, Message{Value: "a"}, Message{Value: "b"}, Message{Value: "c"})
	}
	keyed, keyless := map[int]int{}, map[int]int{}
	for _, m := range k.Read("orders") {
		if m.Key == "" {
			keyless[m.Partition]++
		} else {
			keyed[m.Partition]++
		}
	}
	if len(keyed) != 1 || !cmp.Equal(keyless, map[int]int{0: 3, 1: 3, 2: 3}) {
		t.Errorf("got %v with the key, %v without", keyed, keyless)
	}
}

func TestGroupCommittedAndLag(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 2)
	k.ProduceTo("orders", 0, Message{Value: "a"}, Message{Value: "b"}, Message{Value: "c"})
	if lag := k.Lag("shop", "orders"); lag != 3 {
		t.Errorf("lag of a group that never was: got %d", lag)
	}
	reader := kafkago.NewReader(kafkago.ReaderConfig{
		Brokers: []string{k.Address}, GroupID: "shop", Topic: "orders", MaxWait: 100 * time.Millisecond,
	})
	defer reader.Close()
	for range 2 {
		if _, err := reader.ReadMessage(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if committed := k.Committed("shop", "orders"); !cmp.Equal(committed, map[int]int64{0: 2}) {
		t.Errorf("committed: got %v", committed)
	}
	k.CreateTopic("visits", 1)
	if groups := k.GroupsOf("orders"); !cmp.Equal(groups, []string{"shop"}) || len(k.GroupsOf("visits")) > 0 {
		t.Errorf("groups of orders: got %v, of visits %v", groups, k.GroupsOf("visits"))
	}
	if lag := k.Lag("shop", "orders"); lag != 1 {
		t.Errorf("lag: got %d", lag)
	}
	group := k.Group("shop")
	if !group.Stable(1) || !cmp.Equal(group.Members[0].Partitions, map[string][]int{"orders": {0, 1}}) {
		t.Errorf("got %+v", group)
	}
	if group := k.Group("nobody"); group.Stable(0) || len(group.Members) != 0 {
		t.Errorf("a group that never was: got %+v", group)
	}
}
