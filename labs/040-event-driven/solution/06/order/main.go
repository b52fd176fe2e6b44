// Command order takes orders and says how they stand.
package main

import (
	"context"
	_ "embed"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"shop/event"
	"shop/outbox"
	"shop/service"
)

//go:embed schema.sql
var schema string

// shop is the order service.
type shop struct {
	db *pgxpool.Pool
}

func main() {
	service.Run(schema+outbox.Schema, func(env *service.Env) http.Handler {
		s := &shop{db: env.DB}
		env.Go(func(ctx context.Context) {
			event.Subscribe(ctx, env.Kafka, "order", event.Stock, s.react)
		})
		env.Go(func(ctx context.Context) {
			event.Subscribe(ctx, env.Kafka, "order-deliveries", event.Deliveries, s.react)
		})
		env.Go(func(ctx context.Context) {
			outbox.Relay(ctx, env.DB, event.NewPublisher(env.Kafka), event.Orders)
		})
		return s.routes()
	})
}
