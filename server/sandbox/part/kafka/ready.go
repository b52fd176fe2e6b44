package kafka

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/findcoordinator"
	"github.com/segmentio/kafka-go/protocol/offsetfetch"
)

const (
	// nobody is a group that has no members and never will.
	nobody = "cnalab-nobody"
	// groupIDNotFound is how a broker says that there is no such group.
	groupIDNotFound = 69
)

// versions are of the requests, and spoken by every broker since Kafka 2.1.
var versions = map[protocol.ApiKey]int16{protocol.FindCoordinator: 2, protocol.OffsetFetch: 5}

// Ready returns nil once the broker at the address serves groups. A
// broker takes connections a while before: until it has loaded the topic of
// the offsets a reader is turned away. That topic has one partition, so that
// one group speaks for all. The broker is asked at that address alone, and not
// where it says it is, as a client does: there nobody may get in yet.
func Ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	dialed, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	broker := protocol.NewConn(dialed, "cnalab")
	defer context.AfterFunc(ctx, func() { broker.Close() })()
	defer broker.Close()
	broker.SetVersions(versions)
	if err := findCoordinator(broker); err != nil {
		return fmt.Errorf("find coordinator: %w", err)
	}
	if err := fetchOffsets(broker); err != nil {
		return fmt.Errorf("fetch offsets: %w", err)
	}
	return nil
}

func findCoordinator(broker *protocol.Conn) error {
	answer, err := broker.RoundTrip(&findcoordinator.Request{Key: nobody})
	if err != nil {
		return err
	}
	if code := answer.(*findcoordinator.Response).ErrorCode; code != 0 {
		return fmt.Errorf("the broker answers error %d", code)
	}
	return nil
}

func fetchOffsets(broker *protocol.Conn) error {
	answer, err := broker.RoundTrip(&offsetfetch.Request{GroupID: nobody})
	if err != nil {
		return err
	}
	// An embedded broker says that there is no such group; it has looked.
	if code := answer.(*offsetfetch.Response).ErrorCode; code != 0 && code != groupIDNotFound {
		return fmt.Errorf("the broker answers error %d", code)
	}
	return nil
}
