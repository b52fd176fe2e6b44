// Package kafka is the kind of part that is a broker: an embedded one that
// speaks Kafka's protocol as a process, Apache Kafka as a container. It knows
// nothing of topics and of who uses them.
package kafka

import (
	"context"
	"fmt"
	"time"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/server/sandbox/part"
)

// The ports of the container. A client is sent on to the address that its
// listener advertises, so those in the network and those on this machine have a
// listener each.
const (
	networkPort = 9092
	machinePort = 9094
)

// Kind makes brokers.
func Kind() part.Kind {
	return part.Kind{Name: labs.KindKafka, Define: func(p labs.Part, _ string) []part.Definition {
		return []part.Definition{define(p)}
	}}
}

func define(p labs.Part) part.Definition {
	stage := "start Kafka"
	if p.Name != labs.KindKafka {
		stage = fmt.Sprintf("start Kafka %s", p.Name)
	}
	return part.Definition{
		Name: p.Name, StartStage: stage, StartTimeout: 45 * time.Second,
		Process: &part.Process{Command: command, Stores: true},
		Container: &part.Container{
			Image: images.Kafka, Signal: "TERM", Stores: true,
			Ports: []part.Port{
				{Name: "machine", Number: machinePort, Exposure: part.Machine},
				{Name: "network", Number: networkPort, Exposure: part.Network},
			},
			Command: server,
		},
		Ready: Ready,
		Variables: func(at part.Addresses) []string {
			return []string{labs.EnvPart(labs.EnvKafka, p) + "=" + at.At("")}
		},
	}
}

// command runs the embedded broker.
func command(_ context.Context, h part.Host) (part.Command, error) {
	return part.Command{Args: []string{"kafka", "--listen", h.Listen(), "--advertise", h.Address(), "--data", h.Data()}}, nil
}

// server runs Apache Kafka with a listener for each side.
func server(at part.Addresses) []string {
	command := []string{"kafka.Kafka", "/opt/kafka/server.properties"}
	for _, setting := range []string{
		fmt.Sprintf("listeners=PLAINTEXT://0.0.0.0:%d,OUTSIDE://0.0.0.0:%d,CONTROLLER://127.0.0.1:9093", networkPort, machinePort),
		fmt.Sprintf("advertised.listeners=PLAINTEXT://%s,OUTSIDE://%s", at.At("network"), at.At("machine")),
		"listener.security.protocol.map=PLAINTEXT:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
		"inter.broker.listener.name=PLAINTEXT",
		"group.min.session.timeout.ms=100", // labs let members die, and do not wait 6 s to see it
	} {
		command = append(command, "--override", setting)
	}
	return command
}
