// Command product knows how much of each sku is in stock.
package main

import (
	"context"
	_ "embed"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"shop/event"
	"shop/service"
)

//go:embed schema.sql
var schema string

// shop is the product service.
type shop struct {
	db     *pgxpool.Pool
	events *event.Publisher
}

func main() {
	service.Run(schema, func(env *service.Env) http.Handler {
		s := &shop{db: env.DB, events: event.NewPublisher(env.Kafka)}
		env.Go(func(ctx context.Context) {
			event.Subscribe(ctx, env.Kafka, "product", event.Orders, s.react)
		})
		return s.routes()
	})
}
