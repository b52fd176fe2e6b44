# A topic takes batches of 1 MiB (and the 12 bytes of an old header) by default.
set -eu
dir=$(mktemp -d)
cat > "$dir/large.go" <<'END'
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
	answer, err := client.DescribeConfigs(context.Background(), &kafka.DescribeConfigsRequest{Resources: []kafka.DescribeConfigRequestResource{
		{ResourceType: kafka.ResourceTypeTopic, ResourceName: "fact-large", ConfigNames: []string{"max.message.bytes"}},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for _, entry := range answer.Resources[0].ConfigEntries {
		fmt.Println(entry.ConfigName, entry.ConfigValue)
		if entry.ConfigName == "max.message.bytes" && entry.ConfigValue == fmt.Sprint(1<<20+12) {
			return
		}
	}
	os.Exit(1)
}
END
go run ./topics -topic fact-large
go run "$dir/large.go"
