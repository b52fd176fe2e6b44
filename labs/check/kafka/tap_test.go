package kafka

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	kafkago "github.com/segmentio/kafka-go"

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
	if got := k.Read("orders"); len(got) != 3 {
		t.Errorf("got %d messages", len(got))
	}
}

func TestTapHoldsCommits(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 1)
	k.Produce("orders", Message{Value: "placed"}, Message{Value: "paid"})
	tap := k.Tap()
	tap.HoldCommits()
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
