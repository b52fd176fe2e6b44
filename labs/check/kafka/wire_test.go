package kafka

import (
	"bytes"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const tapAddress = "127.0.0.1:9099"

// body is an answer as it comes after the correlation ID.
func body(response kmsg.Response) []byte {
	if response.IsFlexible() {
		return response.AppendTo([]byte{0}) // no tags
	}
	return response.AppendTo(nil)
}

func TestAnswersOfAllVersionsNameTheTap(t *testing.T) {
	for version := range kmsg.NewPtrMetadataResponse().MaxVersion() + 1 {
		m := kmsg.NewPtrMetadataResponse()
		m.Version, m.ControllerID = version, 2
		for id, host := range []string{"kafka-0", "kafka-1"} {
			broker := kmsg.NewMetadataResponseBroker()
			broker.NodeID, broker.Host, broker.Port = int32(id), host, 9092
			m.Brokers = append(m.Brokers, broker)
		}
		topic := kmsg.NewMetadataResponseTopic()
		topic.Topic = kmsg.StringPtr("orders")
		m.Topics = append(m.Topics, topic)
		got := redirect(request{key: kmsg.Metadata, version: version}, body(m), tapAddress)
		for i := range m.Brokers {
			m.Brokers[i].Host, m.Brokers[i].Port = "127.0.0.1", 9099
		}
		if want := body(m); !bytes.Equal(got, want) {
			t.Errorf("metadata of version %d: got %q, want %q", version, got, want)
		}
	}
	for version := range kmsg.NewPtrFindCoordinatorResponse().MaxVersion() + 1 {
		answer := func(host string, port int32) []byte {
			f := kmsg.NewPtrFindCoordinatorResponse()
			f.Version, f.NodeID, f.Host, f.Port = version, 1, host, port
			coordinator := kmsg.NewFindCoordinatorResponseCoordinator()
			coordinator.Key, coordinator.Host, coordinator.Port = "shop", host, port
			f.Coordinators = append(f.Coordinators, coordinator)
			return body(f)
		}
		got := redirect(request{key: kmsg.FindCoordinator, version: version}, answer("kafka-0", 9092), tapAddress)
		if want := answer("127.0.0.1", 9099); !bytes.Equal(got, want) {
			t.Errorf("a coordinator of version %d: got %q, want %q", version, got, want)
		}
	}
}

func TestAcksOfAllVersionsAreRead(t *testing.T) {
	for version := range kmsg.NewPtrProduceRequest().MaxVersion() + 1 {
		for _, acks := range []int16{-1, 0, 1} {
			produce := kmsg.NewPtrProduceRequest()
			produce.Version, produce.Acks = version, acks
			frame := kmsg.NewRequestFormatter(kmsg.FormatterClientID("shop")).AppendRequest(nil, produce, 7)[4:]
			r, rest, err := readHeader(frame)
			if err != nil || r != (request{key: kmsg.Produce, version: version, id: 7}) {
				t.Fatalf("version %d: a request %+v, %v", version, r, err)
			}
			if got, ok := r.body(rest).(*kmsg.ProduceRequest); !ok || got.Acks != acks {
				t.Errorf("version %d: got %+v, want acks %d", version, got, acks)
			}
		}
	}
}

func TestWhatCannotBeReadPasses(t *testing.T) {
	for _, r := range []request{
		{key: kmsg.Metadata, version: 99}, {key: kmsg.Metadata, version: -1}, {key: kmsg.Metadata, version: 9}, {key: kmsg.FindCoordinator, version: 1},
	} {
		if got := redirect(r, []byte("?"), tapAddress); string(got) != "?" {
			t.Errorf("%+v: got %q", r, got)
		}
		if body := r.body(kbin.Reader{Src: []byte("?")}); body != nil {
			t.Errorf("%+v: got %+v", r, body)
		}
	}
	if _, _, err := readHeader([]byte("short")); err == nil {
		t.Error("half a header is taken for one")
	}
}

func FuzzRedirectReadsNoFurtherThanItMay(f *testing.F) {
	f.Add(int16(kmsg.Metadata), int16(8), []byte{0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 'h', 0, 0, 0, 9, 255, 255})
	f.Add(int16(10), int16(8), []byte("\xf1\x89\x890")) // more tags than it has bytes
	f.Add(int16(kmsg.FindCoordinator), int16(1), []byte{0, 0, 0, 0, 0, 0, 255, 255})
	f.Fuzz(func(t *testing.T, key, version int16, answer []byte) {
		r := request{key: kmsg.Key(key), version: version}
		before := slices.Clone(answer)
		redirect(r, answer, tapAddress)
		r.body(kbin.Reader{Src: answer})
		if !bytes.Equal(before, answer) {
			t.Error("what it read has changed")
		}
	})
}
