// Command gateway is the one door of the shop: customers speak with it alone,
// and it speaks with the services.
package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
)

// names are the services behind the gateway.
var names = []string{"order", "product", "delivery"}

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", os.Getenv("SERVICE")))
	if err := run(); err != nil {
		slog.Error("end", "err", err)
		os.Exit(1)
	}
}

func run() error {
	instances := map[string][]*url.URL{}
	for _, name := range names {
		for base := range strings.SplitSeq(os.Getenv("SERVICE_"+strings.ToUpper(name)), ",") {
			at, err := url.Parse(base)
			if err != nil {
				return fmt.Errorf("read the addresses of %s: %w", name, err)
			}
			instances[name] = append(instances[name], at)
		}
	}
	return serve(routes(instances))
}
