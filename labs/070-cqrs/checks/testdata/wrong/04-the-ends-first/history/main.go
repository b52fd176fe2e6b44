// Command history answers the shop's queries: what a customer has ordered.
package main

import (
	"context"
	_ "embed"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"shop/event"
	"shop/position"
	"shop/service"
)

//go:embed schema.sql
var schema string

// history is the service of the queries.
type history struct {
	db   *pgxpool.Pool // the database of orders, as a role that may only read
	view *pgxpool.Pool // the database of the view, as a role that may only read
}

func main() {
	service.Run(func(env *service.Env) (http.Handler, error) {
		db, err := env.Open("DATABASE_QUERY")
		if err != nil {
			return nil, err
		}
		writes, err := env.Open("DATABASE_VIEW")
		if err != nil {
			return nil, err
		}
		view, err := env.Open("DATABASE_PAGE")
		if err != nil {
			return nil, err
		}
		p := &projection{db: writes, kafka: env.Kafka}
		p.follower = &event.Follower{Broker: env.Kafka, Start: p.start, Handle: p.project}
		env.Go(func(ctx context.Context) {
			env.Create(writes, schema+position.Schema)
			p.follower.Run(ctx)
		})
		h := &history{db: db, view: view}
		return h.routes(p), nil
	})
}
