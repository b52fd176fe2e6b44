// Command history answers the shop's queries: what a customer has ordered.
package main

import (
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"shop/service"
)

// history is the service of the queries.
type history struct {
	db *pgxpool.Pool // the database of orders, as a role that may only read
}

func main() {
	service.Run(func(env *service.Env) (http.Handler, error) {
		db, err := env.Open("DATABASE_QUERY")
		if err != nil {
			return nil, err
		}
		h := &history{db: db}
		return h.routes(), nil
	})
}
