package event

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// batch is how many events are handed over at once, at most.
const batch = 100

// Handler does the work for events of one partition, oldest first.
type Handler func(ctx context.Context, events []Event) error

// Start says at which offset of a partition to begin.
type Start func(ctx context.Context, partition int) (int64, error)

// Follower hands the events of the topic over, each partition for itself. Kafka keeps no
// offset for it: it asks Start where to begin, and asks again each time that Handle
// returns an error, or Restart is called.
type Follower struct {
	Broker string
	Start  Start
	Handle Handler

	mu      sync.Mutex
	restart chan struct{} // closed when all partitions are to begin anew
}

// Run follows until ctx ends.
func (f *Follower) Run(ctx context.Context) {
	awaitTopic(ctx, f.Broker)
	var partitions sync.WaitGroup
	defer partitions.Wait()
	for partition := range Partitions {
		partitions.Go(func() {
			for try := 1; ctx.Err() == nil; try++ {
				begin := time.Now()
				err := f.follow(ctx, partition)
				if errors.Is(err, errRestart) || time.Since(begin) > 10*time.Second {
					try = 0 // it has worked until then
				}
				pause(ctx, try, "follow", err)
			}
		})
	}
}

// errRestart ends the reading of a partition, which then begins anew.
var errRestart = errors.New("restart")

// Restart has each partition ask Start anew. One that waits for the next event does not
// wait any longer.
func (f *Follower) Restart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.restart != nil {
		close(f.restart)
	}
	f.restart = make(chan struct{})
}

// restarts is closed by the next Restart.
func (f *Follower) restarts() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.restart == nil {
		f.restart = make(chan struct{})
	}
	return f.restart
}

// follow reads one partition until something fails.
func (f *Follower) follow(ctx context.Context, partition int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	restart := f.restarts()
	go func() {
		select {
		case <-restart:
			cancel(errRestart)
		case <-ctx.Done():
		}
	}()
	offset, err := f.Start(ctx, partition)
	if err != nil {
		return err
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{f.Broker}, Topic: Orders, Partition: partition,
		MaxWait: 100 * time.Millisecond, QueueCapacity: batch,
		ReadBackoffMin: 10 * time.Millisecond, ReadBackoffMax: 100 * time.Millisecond,
	})
	defer reader.Close()
	if err := reader.SetOffset(offset); err != nil {
		return err
	}
	for {
		events, err := next(ctx, reader)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return err
		}
		if err := f.Handle(ctx, events); err != nil {
			return err
		}
	}
}

// next waits for an event, and takes those along that are there by then.
func next(ctx context.Context, reader *kafka.Reader) ([]Event, error) {
	message, err := reader.ReadMessage(ctx)
	if err != nil {
		return nil, err
	}
	events := []Event{read(message)}
	soon, cancel := context.WithTimeout(ctx, 2*time.Millisecond)
	defer cancel()
	for len(events) < batch {
		message, err := reader.ReadMessage(soon)
		if err != nil {
			break // no more for now; a broken connection fails again next time
		}
		events = append(events, read(message))
	}
	return events, nil
}

// read makes an event of a message. One that is no event has no type.
func read(message kafka.Message) Event {
	var e Event
	if err := json.Unmarshal(message.Value, &e); err != nil {
		slog.Warn("no event", "partition", message.Partition, "offset", message.Offset, "err", err)
		e = Event{}
	}
	e.Key, e.Partition, e.Offset = string(message.Key), message.Partition, message.Offset
	return e
}

func awaitTopic(ctx context.Context, broker string) {
	client := &kafka.Client{Addr: kafka.TCP(broker), Timeout: 3 * time.Second}
	for try := 1; ctx.Err() == nil; try++ {
		err := createTopic(ctx, client)
		if err == nil {
			return
		}
		pause(ctx, try, "wait for Kafka", err)
	}
}

// pause says what went wrong and waits before the next try: 50 ms after the first,
// twice as long after each further one, 1 s at most.
func pause(ctx context.Context, try int, doing string, err error) {
	if ctx.Err() != nil || errors.Is(err, errRestart) {
		return
	}
	slog.Error(doing, "err", err, "try", try)
	select {
	case <-ctx.Done():
	case <-time.After(min(50*time.Millisecond<<min(max(try-1, 0), 5), time.Second)):
	}
}
