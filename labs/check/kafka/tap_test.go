package kafka

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cnalab/labs/check"
)

func TestTapSeesAcksAndDelaysAnswers(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 1)
	tap := k.Tap()
	tap.Delay(200 * time.Millisecond)
	for _, acks := range []kafkago.RequiredAcks{kafkago.RequireAll, kafkago.RequireOne, kafkago.RequireNone} {
		writer := &kafkago.Writer{
			Addr: kafkago.TCP(tap.Address), Topic: "orders", RequiredAcks: acks, BatchSize: 1,
			Transport: &kafkago.Transport{},
		}
		begin := time.Now()
		if err := writer.WriteMessages(t.Context(), kafkago.Message{Value: []byte("placed")}); err != nil {
			t.Fatal(err)
		}
		if late := time.Since(begin) > 200*time.Millisecond; late != (acks != kafkago.RequireNone) {
			t.Errorf("acks %s: took %s", acks, time.Since(begin))
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	check.New(t).Eventually(5*time.Second, func(context.Context) *check.Finding {
		if got := tap.Acks(); !cmp.Equal(got, map[int]int{-1: 1, 0: 1, 1: 1}) {
			return &check.Finding{Say: "acks", Got: got}
		}
		return nil
	})
	if tap.Answered() != 2 {
		t.Errorf("got %d answers", tap.Answered())
	}
	check.New(t).Eventually(5*time.Second, func(context.Context) *check.Finding { // nobody waited for the first one
		if got := k.Read("orders"); len(got) != 3 {
			return &check.Finding{Say: "messages", Got: len(got)}
		}
		return nil
	})
}

func TestTapHolds(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 1)
	k.Produce("orders", Message{Value: "placed"}, Message{Value: "paid"})
	tap := k.Tap()
	tap.Hold(kmsg.OffsetCommit)
	reader := kafkago.NewReader(kafkago.ReaderConfig{
		Brokers: []string{tap.Address}, GroupID: "shop", Topic: "orders", MaxWait: 100 * time.Millisecond,
	})
	m, err := reader.FetchMessage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := reader.CommitMessages(ctx, m); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("commit: got %v", err)
	}
	if tap.Held() == 0 || k.Lag("shop", "orders") != 2 {
		t.Errorf("got %d commits held, a lag of %d", tap.Held(), k.Lag("shop", "orders"))
	}
	tap.closeAll() // else Close waits for the answer
	_ = reader.Close()
}

func TestTapRefuses(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 1)
	tap := k.Tap()
	client := &kafkago.Client{Addr: kafkago.TCP(tap.Address), Transport: &kafkago.Transport{}}

	tap.Refuse(kmsg.CreateTopics, 1, kafkago.NotController)
	create := &kafkago.CreateTopicsRequest{Topics: []kafkago.TopicConfig{{Topic: "stock", NumPartitions: 1, ReplicationFactor: 1}}}
	if answer, err := client.CreateTopics(t.Context(), create); err != nil || !errors.Is(answer.Errors["stock"], kafkago.NotController) {
		t.Errorf("a topic: got %+v, %v", answer, err)
	}
	if _, there := k.Topic("stock"); there {
		t.Error("the broker has heard of it")
	}
	if answer, err := client.CreateTopics(t.Context(), create); err != nil || answer.Errors["stock"] != nil {
		t.Errorf("the topic after it: got %+v, %v", answer, err)
	}

	tap.Refuse(kmsg.ListOffsets, 1, kafkago.TopicAuthorizationFailed)
	offsets := &kafkago.ListOffsetsRequest{Topics: map[string][]kafkago.OffsetRequest{"orders": {kafkago.FirstOffsetOf(0)}}}
	if answer, err := client.ListOffsets(t.Context(), offsets); err != nil || !errors.Is(answer.Topics["orders"][0].Error, kafkago.TopicAuthorizationFailed) {
		t.Errorf("offsets: got %+v, %v", answer, err)
	}

	writer := &kafkago.Writer{Addr: kafkago.TCP(tap.Address), Topic: "orders", RequiredAcks: kafkago.RequireAll, BatchSize: 1, MaxAttempts: 1, Transport: &kafkago.Transport{}}
	defer writer.Close()
	tap.Refuse(kmsg.Produce, 1, kafkago.NotEnoughReplicas)
	var each kafkago.WriteErrors
	if err := writer.WriteMessages(t.Context(), kafkago.Message{Value: []byte("placed")}); !errors.As(err, &each) || !errors.Is(each[0], kafkago.NotEnoughReplicas) {
		t.Errorf("a message: got %v", err)
	}
	if err := writer.WriteMessages(t.Context(), kafkago.Message{Value: []byte("paid")}); err != nil {
		t.Errorf("the message after it: got %v", err)
	}
	if got := k.Read("orders"); len(got) != 1 || got[0].Value != "paid" {
		t.Errorf("got the messages %v", got)
	}

	tap.LoseAnswers(kmsg.Produce, 1, kafkago.RequestTimedOut)
	if err := writer.WriteMessages(t.Context(), kafkago.Message{Value: []byte("shipped")}); !errors.As(err, &each) || !errors.Is(each[0], kafkago.RequestTimedOut) {
		t.Errorf("a message whose answer is lost: got %v", err)
	}
	if got := k.Read("orders"); len(got) != 2 || got[1].Value != "shipped" {
		t.Errorf("got the messages %v", got)
	}
}

func TestTapAdmitsOneAmongThoseItRefuses(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 1)
	tap := k.Tap()
	writer := &kafkago.Writer{Addr: kafkago.TCP(tap.Address), Topic: "orders", RequiredAcks: kafkago.RequireAll, BatchSize: 1, MaxAttempts: 1, Transport: &kafkago.Transport{}}
	defer writer.Close()
	tap.Refuse(kmsg.Produce, 2, kafkago.NotEnoughReplicas)
	for i, passes := range []bool{false, true, false, true} {
		if i == 1 {
			tap.Admit(kmsg.Produce, 1)
		}
		if err := writer.WriteMessages(t.Context(), kafkago.Message{Value: []byte("placed")}); (err == nil) != passes {
			t.Errorf("message %d: got %v", i, err)
		}
	}
	if got := k.Read("orders"); len(got) != 2 {
		t.Errorf("got the messages %v", got)
	}
}

func TestTapSeesSessionTimeouts(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 1)
	k.Produce("orders", Message{Value: "placed"})
	tap := k.Tap()
	reader := kafkago.NewReader(kafkago.ReaderConfig{
		Brokers: []string{tap.Address}, GroupID: "shop", Topic: "orders", MaxWait: 100 * time.Millisecond, SessionTimeout: 20 * time.Second,
	})
	defer reader.Close()
	if _, err := reader.ReadMessage(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := tap.Sessions(); len(got) == 0 || got[0] != 20*time.Second {
		t.Errorf("got %v", got)
	}
}

func TestTapSeesBatches(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 2)
	tap := k.Tap()
	for _, codec := range []kafkago.Compression{0, kafkago.Gzip, kafkago.Snappy, kafkago.Lz4, kafkago.Zstd} {
		writer := &kafkago.Writer{
			Addr: kafkago.TCP(tap.Address), Topic: "orders", RequiredAcks: kafkago.RequireAll, Compression: codec,
			Balancer: kafkago.BalancerFunc(func(kafkago.Message, ...int) int { return 1 }), BatchSize: 3, Transport: &kafkago.Transport{},
		}
		of := kafkago.Message{Value: []byte("placed")}
		if err := writer.WriteMessages(t.Context(), of, of, of); err != nil {
			t.Fatal(err)
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var want []Batch
	for _, codec := range []string{"", "gzip", "snappy", "lz4", "zstd"} {
		want = append(want, Batch{Topic: "orders", Partition: 1, Records: 3, Compressed: codec})
	}
	if diff := cmp.Diff(want, tap.Batches()); diff != "" {
		t.Error(diff)
	}
}
