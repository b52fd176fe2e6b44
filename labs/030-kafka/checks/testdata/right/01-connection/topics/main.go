// Command topics makes the shop's topic over a plain connection.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/segmentio/kafka-go"
)

var name = flag.String("topic", "orders", "the topic that the shop needs")

func main() {
	flag.Parse()
	conn := dial(os.Getenv("KAFKA"))
	defer conn.Close()
	if there(conn) {
		fmt.Println(*name, "is there")
		return
	}
	controller, err := conn.Controller()
	if err != nil {
		log.Fatal(err)
	}
	boss := dial(net.JoinHostPort(controller.Host, strconv.Itoa(controller.Port)))
	defer boss.Close()
	err = boss.CreateTopics(kafka.TopicConfig{
		Topic: *name, NumPartitions: 3, ReplicationFactor: 1,
		ConfigEntries: []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "1209600000"}},
	})
	if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
		log.Fatal(err)
	}
}

func dial(address string) *kafka.Conn {
	conn, err := kafka.Dial("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	if err := conn.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		log.Fatal(err)
	}
	return conn
}

func there(conn *kafka.Conn) bool {
	partitions, err := conn.ReadPartitions(*name)
	return err == nil && len(partitions) > 0
}
