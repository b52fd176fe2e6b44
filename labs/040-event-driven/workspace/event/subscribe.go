package event

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"

	"shop/trace"
)

// Handler does the work for one event. It ignores the types it does not know.
type Handler func(ctx context.Context, e Event) error

// Subscribe calls handle for each event of the topic, as a member of the
// group, until ctx ends. The event counts as done when handle returns nil;
// after an error it is handed over again. So each event comes at least once.
func Subscribe(ctx context.Context, broker, group, topic string, handle Handler) {
	waitForTopics(ctx, broker)
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{broker}, GroupID: group, Topic: topic,
		MaxWait:           250 * time.Millisecond,
		ReadBackoffMin:    10 * time.Millisecond,
		ReadBackoffMax:    250 * time.Millisecond,
		JoinGroupBackoff:  100 * time.Millisecond,
		CommitInterval:    50 * time.Millisecond, // not for each event
		HeartbeatInterval: 300 * time.Millisecond,
		// A member that was killed keeps its partitions for this long.
		SessionTimeout:   1500 * time.Millisecond,
		RebalanceTimeout: time.Second,
	})
	defer reader.Close()
	for ctx.Err() == nil {
		message, err := reader.FetchMessage(ctx)
		if err != nil {
			pause(ctx, "fetch", err)
			continue
		}
		work(ctx, message, handle)
		if err := reader.CommitMessages(ctx, message); err != nil {
			pause(ctx, "commit", err)
		}
	}
}

// work hands the message over until it is done.
func work(ctx context.Context, message kafka.Message, handle Handler) {
	var e Event
	if err := json.Unmarshal(message.Value, &e); err != nil {
		slog.Warn("skip what is no event", "topic", message.Topic, "offset", message.Offset)
		return
	}
	e.Key = string(message.Key)
	for _, header := range message.Headers {
		if header.Key == trace.Header {
			e.Trace = string(header.Value)
		}
	}
	for ctx.Err() == nil {
		err := handle(trace.With(ctx, e.Trace), e)
		if err == nil {
			slog.Info("handled", "type", e.Type, "event", e.ID, "key", e.Key, "trace", e.Trace)
			return
		}
		pause(ctx, "handle "+e.Type, err)
	}
}

func waitForTopics(ctx context.Context, broker string) {
	client := &kafka.Client{Addr: kafka.TCP(broker), Timeout: 3 * time.Second}
	for ctx.Err() == nil {
		err := createTopics(ctx, client)
		if err == nil {
			return
		}
		pause(ctx, "wait for Kafka", err)
	}
}

// pause says what went wrong and waits a moment before the next try.
func pause(ctx context.Context, doing string, err error) {
	if ctx.Err() != nil {
		return
	}
	slog.Error(doing, "err", err)
	select {
	case <-ctx.Done():
	case <-time.After(200 * time.Millisecond):
	}
}
