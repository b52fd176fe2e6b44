// Command product knows how much of each sku is in stock.
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

// shop is the product service.
type shop struct {
	db    *pgxpool.Pool
	kafka string // the broker's HOST:PORT
}

func main() {
	service.Run(schema+outbox.Schema, func(env *service.Env) http.Handler {
		s := &shop{db: env.DB, kafka: env.Kafka}
		env.Go(func(ctx context.Context) {
			event.Subscribe(ctx, env.Kafka, "product", event.Orders, s.react)
		})
		env.Go(s.forget)
		env.Go(func(ctx context.Context) {
			outbox.Relay(ctx, env.DB, event.NewPublisher(env.Kafka), event.Stock)
		})
		return s.routes()
	})
}
