// Command order takes the shop's commands.
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
	service.Run(func(env *service.Env) (http.Handler, error) {
		db, err := env.Open("DATABASE_ORDER")
		if err != nil {
			return nil, err
		}
		env.Create(db, schema+outbox.Schema)
		env.Go(func(ctx context.Context) {
			outbox.Relay(ctx, db, event.NewPublisher(env.Kafka))
		})
		s := &shop{db: db}
		return s.routes(), nil
	})
}
