package kafka

import (
	"context"
	"fmt"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

// Message is a message in the log, or on its way there.
type Message struct {
	Key       string // empty: none
	Value     string
	Headers   map[string]string
	Time      time.Time // now where zero, when produced
	Partition int       // where it was read; Produce chooses by the key, ProduceTo is told
	Offset    int64     // where it was read
}

// At says where a message is, for a finding: "partition 1, offset 7".
func (m Message) At() string { return fmt.Sprintf("partition %d, offset %d", m.Partition, m.Offset) }

// Produce writes messages and waits until the broker has stored them. Equal
// keys go to one partition; messages without a key go round all of them.
func (k *Client) Produce(topic string, messages ...Message) {
	k.c.Helper()
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		ids, err := partitions(ctx, client, topic)
		if err != nil {
			return err
		}
		var byKey kafkago.Hash
		apart := map[int][]Message{}
		for _, m := range messages {
			p := byKey.Balance(kafkago.Message{Key: bytesOf(m.Key)}, ids...)
			apart[p] = append(apart[p], m)
		}
		for p, some := range apart {
			if err := write(ctx, client, topic, p, some); err != nil {
				return err
			}
			delete(apart, p)
		}
		return nil
	})
}

// ProduceTo is Produce into one partition.
func (k *Client) ProduceTo(topic string, partition int, messages ...Message) {
	k.c.Helper()
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		return write(ctx, client, topic, partition, messages)
	})
}

func write(ctx context.Context, client *kafkago.Client, topic string, partition int, messages []Message) error {
	records := make([]kafkago.Record, len(messages))
	for i, m := range messages {
		if m.Time.IsZero() {
			m.Time = time.Now()
		}
		records[i] = kafkago.Record{Time: m.Time, Value: kafkago.NewBytes([]byte(m.Value)), Headers: headersOf(m)}
		if m.Key != "" {
			records[i].Key = kafkago.NewBytes([]byte(m.Key))
		}
	}
	answer, err := client.Produce(ctx, &kafkago.ProduceRequest{
		Topic: topic, Partition: partition, RequiredAcks: kafkago.RequireAll,
		Records: kafkago.NewRecordReader(records...),
	})
	if err != nil {
		return err
	}
	return answer.Error
}

func headersOf(m Message) []kafkago.Header {
	var headers []kafkago.Header
	for key, value := range m.Headers {
		headers = append(headers, kafkago.Header{Key: key, Value: []byte(value)})
	}
	return headers
}

// bytesOf is nil for the empty string: Kafka tells no key from an empty one.
func bytesOf(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}
