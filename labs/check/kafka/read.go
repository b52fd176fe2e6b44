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
