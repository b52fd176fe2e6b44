package docker

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/testcontainers/testcontainers-go"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cnalab/fixtures/images"
	"cnalab/server/sandbox/runtime"
)

// kafka is the slot of the broker: a line for those in the network, one for
// this machine, and one that no fault touches, to see whether it answers.
func (g *backend) kafka() (runtime.Workload, error) {
	itself := "kafka" + behind
	inside, err := g.proxy.addRoute("kafka-inside", kafkaInside, join(itself, kafkaInside), internal)
	if err != nil {
		return runtime.Workload{}, err
	}
	outside, err := g.proxy.addRoute("kafka", kafkaOutside, join(itself, kafkaOutside), public)
	if err != nil {
		return runtime.Workload{}, err
	}
	if _, err = g.proxy.addRoute("kafka-private", kafkaPrivate, join(itself, kafkaOutside), private); err != nil {
		return runtime.Workload{}, err
	}
	g.internal["kafka"] = join("kafka", kafkaInside)
	slot := g.persistent("kafka", partBounds, "TERM", testcontainers.ContainerRequest{Image: images.Kafka, Cmd: g.kafkaCommand()})
	start, begin := slot.Start, sync.OnceFunc(func() { close(g.begun) })
	slot.Start = func(program runtime.Program, output io.Writer) (runtime.Process, error) {
		defer begin()
		return start(program, output)
	}
	slot.Proxy = &routes{proxy: g.proxy, routes: []*route{outside, inside}}
	slot.Ready = func(ctx context.Context) error { return coordinates(ctx, g.proxy.hostAddress(kafkaPrivate)) }
	return slot, nil
}

func (g *backend) kafkaCommand() []string {
	command := []string{"kafka.Kafka", "/opt/kafka/server.properties"}
	for _, setting := range []string{
		fmt.Sprintf("listeners=PLAINTEXT://0.0.0.0:%d,OUTSIDE://0.0.0.0:%d,CONTROLLER://127.0.0.1:9093", kafkaInside, kafkaOutside),
		fmt.Sprintf("advertised.listeners=PLAINTEXT://kafka:%d,OUTSIDE://%s", kafkaInside, g.proxy.hostAddress(kafkaOutside)),
		"listener.security.protocol.map=PLAINTEXT:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
		"inter.broker.listener.name=PLAINTEXT",
		"group.min.session.timeout.ms=100", // labs let members die, and do not wait 6 s to see it
	} {
		command = append(command, "--override", setting)
	}
	return command
}

// nobody is a group that has no members and never will.
const nobody = "cnalab-nobody"

// coordinates returns nil once the broker at the address serves groups. A
// broker takes connections a while before: until it has loaded the topic of
// the offsets a reader is turned away. That topic has one partition, so that
// one group speaks for all.
func coordinates(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(address), kgo.RequestRetries(0))
	if err != nil {
		return err
	}
	defer client.Close()
	broker := client.SeedBrokers()[0]
	find := kmsg.NewPtrFindCoordinatorRequest()
	find.CoordinatorKey, find.CoordinatorKeys = nobody, []string{nobody}
	found, err := broker.Request(ctx, find)
	if err != nil {
		return fmt.Errorf("find coordinator: %w", err)
	}
	for _, c := range found.(*kmsg.FindCoordinatorResponse).Coordinators {
		if err := kerr.ErrorForCode(c.ErrorCode); err != nil {
			return fmt.Errorf("find coordinator: %w", err)
		}
	}
	return fetches(ctx, broker)
}

func fetches(ctx context.Context, broker *kgo.Broker) error {
	fetch := kmsg.NewPtrOffsetFetchRequest()
	group := kmsg.NewOffsetFetchRequestGroup()
	fetch.Group, group.Group = nobody, nobody
	fetch.Groups = append(fetch.Groups, group)
	fetched, err := broker.Request(ctx, fetch)
	if err != nil {
		return fmt.Errorf("fetch offsets: %w", err)
	}
	answer := fetched.(*kmsg.OffsetFetchResponse)
	if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
		return fmt.Errorf("fetch offsets: %w", err)
	}
	for _, g := range answer.Groups {
		if err := kerr.ErrorForCode(g.ErrorCode); err != nil {
			return fmt.Errorf("fetch offsets: %w", err)
		}
	}
	return nil
}
