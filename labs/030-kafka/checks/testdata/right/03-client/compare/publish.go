package main

import (
	"context"
	"crypto/rand"
	"hash/crc32"
	"os"

	"github.com/segmentio/kafka-go"
)

type publisher struct{ topic string }

func newPublisher(topic string) *publisher { return &publisher{topic} }

func (p *publisher) close() error { return nil }

// place makes one request, for the partition that produce takes, too.
func (p *publisher) place(ctx context.Context, order string) error {
	client := &kafka.Client{Addr: kafka.TCP(os.Getenv("KAFKA"))}
	answer, err := client.Produce(ctx, &kafka.ProduceRequest{
		Topic: p.topic, Partition: int(crc32.ChecksumIEEE([]byte(order))) % 3, RequiredAcks: kafka.RequireAll,
		Records: kafka.NewRecordReader(kafka.Record{
			Key: kafka.NewBytes([]byte(order)), Value: kafka.NewBytes([]byte(`{"kind":"placed","order":"` + order + `","id":"` + rand.Text() + `"}`)),
		}),
	})
	if err != nil {
		return err
	}
	return answer.Error
}
