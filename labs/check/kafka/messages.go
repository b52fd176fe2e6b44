package kafka

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
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

// Read returns all that is on a topic at the time of the call: partition by
// partition, each in the order of its offsets. A topic that is not there has
// nothing on it.
func (k *Client) Read(topic string) []Message {
	k.c.Helper()
	var all []Message
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		all = nil
		spans, err := spans(ctx, client, topic)
		if errors.Is(err, kafkago.UnknownTopicOrPartition) {
			return nil
		}
		for _, s := range spans {
			var some []Message
			if some, err = readSpan(ctx, client, topic, s); err != nil {
				break
			}
			all = append(all, some...)
		}
		return err
	})
	return all
}

// span is what a partition holds: offsets from first, up to but without end.
type span struct {
	partition  int
	first, end int64
}

func spans(ctx context.Context, client *kafkago.Client, topic string) ([]span, error) {
	ids, err := partitions(ctx, client, topic)
	if err != nil {
		return nil, err
	}
	var wanted []kafkago.OffsetRequest
	for _, id := range ids {
		wanted = append(wanted, kafkago.FirstOffsetOf(id), kafkago.LastOffsetOf(id))
	}
	answer, err := client.ListOffsets(ctx, &kafkago.ListOffsetsRequest{
		Topics: map[string][]kafkago.OffsetRequest{topic: wanted},
	})
	if err != nil {
		return nil, err
	}
	var all []span
	for _, p := range answer.Topics[topic] {
		if p.Error != nil {
			return nil, p.Error
		}
		all = append(all, span{p.Partition, p.FirstOffset, p.LastOffset})
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.partition, b.partition) })
	return all, nil
}

func readSpan(ctx context.Context, client *kafkago.Client, topic string, s span) ([]Message, error) {
	var all []Message
	for next := s.first; next < s.end; next = all[len(all)-1].Offset + 1 {
		answer, err := client.Fetch(ctx, &kafkago.FetchRequest{
			Topic: topic, Partition: s.partition, Offset: next,
			MinBytes: 1, MaxBytes: 4 << 20, MaxWait: 500 * time.Millisecond,
		})
		if err != nil {
			return nil, err
		}
		if answer.Error != nil {
			return nil, answer.Error
		}
		some, err := readRecords(answer.Records, span{s.partition, next, s.end})
		if err != nil {
			return nil, err
		}
		if len(some) == 0 {
			return nil, fmt.Errorf("read %s: nothing at partition %d, offset %d", topic, s.partition, next)
		}
		all = append(all, some...)
	}
	return all, nil
}

// readRecords leaves out what lies outside the span: an answer may begin with
// earlier records than were asked for, and end with some that came since.
func readRecords(records kafkago.RecordReader, s span) ([]Message, error) {
	var all []Message
	for {
		record, err := records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if record.Offset < s.first || record.Offset >= s.end {
			continue
		}
		m, err := messageOf(record, s.partition)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
}

func messageOf(record *kafkago.Record, partition int) (Message, error) {
	key, err := kafkago.ReadAll(record.Key)
	if err != nil {
		return Message{}, err
	}
	value, err := kafkago.ReadAll(record.Value)
	if err != nil {
		return Message{}, err
	}
	m := Message{
		Key: string(key), Value: string(value), Headers: map[string]string{},
		Time: record.Time, Partition: partition, Offset: record.Offset,
	}
	for _, h := range record.Headers {
		m.Headers[h.Key] = string(h.Value)
	}
	return m, nil
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
