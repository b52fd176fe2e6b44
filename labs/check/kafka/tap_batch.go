package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Batch is what one produce request brought for one partition.
type Batch struct {
	Topic      string
	Partition  int
	Records    int
	Compressed string // by what: gzip, snappy, lz4 or zstd; empty where it is not
}

// codecs are the ways to compress, by the lowest three bits of a batch's
// attributes.
var codecs = map[int16]string{1: "gzip", 2: "snappy", 3: "lz4", 4: "zstd"}

// Batches lists what produce requests brought, in the order in which they came.
// What a program sent again is there twice.
func (t *Tap) Batches() []Batch {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return slices.Clone(t.batches)
}

// batchesOf reads the batches of a produce request. A partition has one, since
// Kafka 0.11; what is older cannot be read, and is left out.
func batchesOf(produce *kmsg.ProduceRequest) (all []Batch) {
	for _, topic := range produce.Topics {
		for _, partition := range topic.Partitions {
			var b kmsg.RecordBatch
			if b.ReadFrom(partition.Records) != nil || b.Magic != 2 {
				continue
			}
			all = append(all, Batch{
				Topic: topic.Topic, Partition: int(partition.Partition), Records: int(b.NumRecords), Compressed: codecs[b.Attributes&7],
			})
		}
	}
	return all
}
