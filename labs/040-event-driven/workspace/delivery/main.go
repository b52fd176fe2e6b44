// Command delivery ships each confirmed order, or says that it cannot. It is
// complete: no step of the lab asks you to change it.
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

// shop is the delivery service.
type shop struct {
	db     *pgxpool.Pool
	events *event.Publisher
}

func main() {
	service.Run(schema, func(env *service.Env) http.Handler {
		s := &shop{db: env.DB, events: event.NewPublisher(env.Kafka)}
		env.Go(func(ctx context.Context) {
			event.Subscribe(ctx, env.Kafka, "delivery", event.Orders, s.handle)
		})
		mux := http.NewServeMux()
		mux.HandleFunc("GET /deliveries/{order}", s.get)
		return mux
	})
}
