package kafka

import (
	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// refusal is an error that the next requests of a kind are answered with.
type refusal struct {
	next   int
	with   kafkago.Error
	passes bool // the broker hears of the request all the same
	admit  int  // this many requests pass before it
}

// Refuse answers the next n requests of a kind with an error, in the broker's
// place, who never hears of them. The kinds are kmsg.Produce, kmsg.CreateTopics
// and kmsg.ListOffsets; others pass.
func (t *Tap) Refuse(kind kmsg.Key, n int, with kafkago.Error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.refuses[kind] = refusal{next: n, with: with}
}

// Admit lets the next n requests of a kind pass that would be refused.
func (t *Tap) Admit(kind kmsg.Key, n int) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	of := t.refuses[kind]
	of.admit = n
	t.refuses[kind] = of
}

// LoseAnswers answers like Refuse, but the broker does what the requests ask
// for: the program hears that it failed, and it did not.
func (t *Tap) LoseAnswers(kind kmsg.Key, n int, with kafkago.Error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.refuses[kind] = refusal{next: n, with: with, passes: true}
}

// refused returns the answer to a request in the broker's place, and whether
// that request passes all the same; it is nil where the broker answers.
func (t *Tap) refused(r request, rest kbin.Reader) (answer kmsg.Response, passes bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	of := t.refuses[r.key]
	if of.next == 0 {
		return nil, true
	}
	if of.admit > 0 {
		of.admit--
		t.refuses[r.key] = of
		return nil, true
	}
	answer = refuse(r.body(rest), int16(of.with))
	if answer != nil {
		of.next--
		t.refuses[r.key] = of
	}
	return answer, of.passes
}

// refuse is the answer to a request that says the same error of all that was
// asked; nil where the request is of another kind.
func refuse(body kmsg.Request, code int16) kmsg.Response {
	switch asked := body.(type) {
	case *kmsg.ProduceRequest:
		answer := asked.ResponseKind().(*kmsg.ProduceResponse)
		for _, topic := range asked.Topics {
			of := kmsg.ProduceResponseTopic{Topic: topic.Topic, TopicID: topic.TopicID}
			for _, partition := range topic.Partitions {
				of.Partitions = append(of.Partitions, kmsg.ProduceResponseTopicPartition{
					Partition: partition.Partition, ErrorCode: code, BaseOffset: -1, LogAppendTime: -1, LogStartOffset: -1,
				})
			}
			answer.Topics = append(answer.Topics, of)
		}
		return answer
	case *kmsg.CreateTopicsRequest:
		answer := asked.ResponseKind().(*kmsg.CreateTopicsResponse)
		for _, topic := range asked.Topics {
			answer.Topics = append(answer.Topics, kmsg.CreateTopicsResponseTopic{
				Topic: topic.Topic, ErrorCode: code, NumPartitions: -1, ReplicationFactor: -1,
			})
		}
		return answer
	case *kmsg.ListOffsetsRequest:
		answer := asked.ResponseKind().(*kmsg.ListOffsetsResponse)
		for _, topic := range asked.Topics {
			of := kmsg.ListOffsetsResponseTopic{Topic: topic.Topic}
			for _, partition := range topic.Partitions {
				of.Partitions = append(of.Partitions, kmsg.ListOffsetsResponseTopicPartition{
					Partition: partition.Partition, ErrorCode: code, Timestamp: -1, Offset: -1, LeaderEpoch: -1,
				})
			}
			answer.Topics = append(answer.Topics, of)
		}
		return answer
	}
	return nil
}

// answered reports whether a program waits for an answer to the request: not
// where it produces and asks for no acknowledgement.
func answered(body kmsg.Request) bool {
	produce, ok := body.(*kmsg.ProduceRequest)
	return !ok || produce.Acks != 0
}
