// Command produce lets the Writer do the waiting: it writes asynchronously and
// is told of each message what became of it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// shelf is what was accepted and is not stored, by event.
type shelf struct {
	sync.Mutex
	open map[string]bool
	lost int           // events that Kafka will never take
	gone chan struct{} // told of each event that leaves
}

func main() {
	topic := flag.String("topic", "orders", "where to publish")
	bound := flag.Int("bound", 100, "how many accepted events may wait to be stored")
	patience := flag.Duration("patience", 5*time.Second, "how long to go on sending when stdin has ended")
	flag.Parse()
	s := &shelf{open: map[string]bool{}, gone: make(chan struct{}, 1)}
	writer := &kafka.Writer{
		Addr: kafka.TCP(os.Getenv("KAFKA")), Topic: *topic, Balancer: kafka.CRC32Balancer{}, RequiredAcks: kafka.RequireAll,
		Async: true, MaxAttempts: math.MaxInt, BatchSize: 1, WriteTimeout: time.Second,
		WriteBackoffMax: 200 * time.Millisecond, Completion: s.completed,
	}
	messages := make(chan kafka.Message, *bound)
	go func() {
		for m := range messages {
			for writer.WriteMessages(context.Background(), m) != nil { // the broker does not say which partitions there are
				time.Sleep(100 * time.Millisecond)
			}
		}
	}()
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	for n := 1; in.Scan(); n++ {
		var e struct{ ID, Order string }
		if len(in.Bytes()) > 1<<20 || json.Unmarshal(in.Bytes(), &e) != nil || e.ID == "" {
			fmt.Printf("{\"rejected\":%d}\n", n)
			continue
		}
		if !s.take(e.ID, *bound) {
			continue
		}
		m := kafka.Message{Value: []byte(in.Text()), WriterData: e.ID}
		if e.Order != "" {
			m.Key = []byte(e.Order)
		}
		messages <- m
	}
	os.Exit(s.wait(time.After(*patience)))
}

// take says whether there is room for the event.
func (s *shelf) take(id string, bound int) bool {
	s.Lock()
	defer s.Unlock()
	if len(s.open) == bound {
		fmt.Printf("{\"refused\":%q}\n", id)
		return false
	}
	s.open[id] = true
	fmt.Printf("{\"accepted\":%q}\n", id)
	return true
}

func (s *shelf) completed(messages []kafka.Message, err error) {
	said := "stored"
	if errors.Is(err, kafka.MessageSizeTooLarge) {
		said = "unsent"
	} else if err != nil {
		return
	}
	s.Lock()
	defer s.Unlock()
	for _, m := range messages {
		id := m.WriterData.(string)
		delete(s.open, id)
		fmt.Printf("{%q:%q}\n", said, id)
		if said == "unsent" {
			s.lost++
		}
	}
	select {
	case s.gone <- struct{}{}:
	default:
	}
}

// wait returns the status to end with.
func (s *shelf) wait(over <-chan time.Time) int {
	for {
		s.Lock()
		left, lost := len(s.open), s.lost
		s.Unlock()
		if left == 0 {
			return min(lost, 1)
		}
		select {
		case <-s.gone:
		case <-over:
			s.Lock()
			defer s.Unlock()
			for id := range s.open {
				fmt.Printf("{\"unsent\":%q}\n", id)
			}
			return 1
		}
	}
}
