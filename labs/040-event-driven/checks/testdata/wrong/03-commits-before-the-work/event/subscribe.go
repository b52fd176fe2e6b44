package event

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"

	"shop/trace"
)

// tries is how often an event is handed over. With the pauses between them
// they take about a minute: longer than a database needs to restart.
const tries = 35

// Handler does the work for one event. It ignores the types it does not know.
type Handler func(ctx context.Context, e Event) error

// Subscribe calls handle for each event of the topic, as a member of the
// group, until ctx ends. Only an event that was handled is committed, so each
// event comes at least once. One that cannot be handled goes to DeadLetters.
func Subscribe(ctx context.Context, broker, group, topic string, handle Handler) {
	waitForTopics(ctx, broker)
	letters := NewPublisher(broker)
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{broker}, GroupID: group, Topic: topic,
		MaxWait:           250 * time.Millisecond,
		ReadBackoffMin:    10 * time.Millisecond,
		ReadBackoffMax:    250 * time.Millisecond,
		JoinGroupBackoff:  100 * time.Millisecond,
		CommitInterval:    50 * time.Millisecond, // not for each event
		HeartbeatInterval: 300 * time.Millisecond,
		// A member that was killed keeps its partitions for this long. The
		// broker of this lab allows it; by default a broker's minimum is 6 s
		// (group.min.session.timeout.ms).
		SessionTimeout:   1500 * time.Millisecond,
		RebalanceTimeout: time.Second,
	})
	defer reader.Close() // which sends what is left to commit
	for ctx.Err() == nil {
		message, err := reader.FetchMessage(ctx)
		if err != nil {
			pause(ctx, 1, "fetch", err)
			continue
		}
		if err := reader.CommitMessages(ctx, message); err != nil {
			pause(ctx, 1, "commit", err)
		}
		if !work(ctx, message, handle) {
			toDeadLetters(ctx, letters, group, message)
		}
	}
}

// work hands the message over until it is handled, and reports whether it is.
func work(ctx context.Context, message kafka.Message, handle Handler) bool {
	e, err := read(message)
	if err != nil {
		slog.Warn("no event", "topic", message.Topic, "offset", message.Offset, "err", err)
		return false
	}
	for try := 1; try <= tries && ctx.Err() == nil; try++ {
		err := handle(trace.With(ctx, e.Trace), e)
		if err == nil {
			slog.Info("handled", "type", e.Type, "event", e.ID, "key", e.Key, "trace", e.Trace)
			return true
		}
		pause(ctx, try, "handle "+e.Type, err)
		if unreadable(err) {
			return false
		}
	}
	return false
}

// read makes an event of a message.
func read(message kafka.Message) (Event, error) {
	var e Event
	if err := json.Unmarshal(message.Value, &e); err != nil {
		return Event{}, err
	}
	e.Key = string(message.Key)
	for _, header := range message.Headers {
		if header.Key == trace.Header {
			e.Trace = string(header.Value)
		}
	}
	return e, nil
}

// unreadable reports whether the data of an event is not what the handler
// expects. To try again does not help then.
func unreadable(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind)
}

func waitForTopics(ctx context.Context, broker string) {
	client := &kafka.Client{Addr: kafka.TCP(broker), Timeout: 3 * time.Second}
	for try := 1; ctx.Err() == nil; try++ {
		err := createTopics(ctx, client)
		if err == nil {
			return
		}
		pause(ctx, try, "wait for Kafka", err)
	}
}

// pause says what went wrong and waits before the next try: 100 ms after the
// first, twice as long after each further one, 2 s at most.
func pause(ctx context.Context, try int, doing string, err error) {
	if ctx.Err() != nil {
		return
	}
	slog.Error(doing, "err", err, "try", try)
	select {
	case <-ctx.Done():
	case <-time.After(min(100*time.Millisecond<<min(try-1, 5), 2*time.Second)):
	}
}
