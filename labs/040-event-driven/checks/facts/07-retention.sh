# The topic stock keeps its events for ever, and the others keep Kafka's default of
# seven days.
set -eu
mkdir -p facts-retention
trap 'rm -r facts-retention' EXIT
cat > facts-retention/main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/segmentio/kafka-go"
)

func main() {
	client := &kafka.Client{Addr: kafka.TCP(os.Getenv("KAFKA"))}
	for _, topic := range []string{"stock", "orders"} {
		answer, err := client.DescribeConfigs(context.Background(), &kafka.DescribeConfigsRequest{
			Resources: []kafka.DescribeConfigRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic}},
		})
		if err != nil {
			log.Fatal(err)
		}
		for _, entry := range answer.Resources[0].ConfigEntries {
			if entry.ConfigName == "retention.ms" {
				fmt.Println(topic, entry.ConfigValue)
			}
		}
	}
}
GO
says=$(go run ./facts-retention)
echo "$says"
test "$says" = "stock -1
orders 604800000"
