// Command gateway is the one door of the shop: customers speak with it alone,
// and it speaks with the services.
package main

import (
	"log/slog"
	"os"
)

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", os.Getenv("SERVICE")))
	if err := serve(routes()); err != nil {
		slog.Error("end", "err", err)
		os.Exit(1)
	}
}
