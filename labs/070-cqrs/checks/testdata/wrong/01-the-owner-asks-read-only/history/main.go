// Command history answers the shop's queries: what a customer has ordered.
package main

import (
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"shop/service"
)

// history is the service of the queries.
type history struct {
	db *pgxpool.Pool // the database of orders, as a role that may only read
}

func main() {
	service.Run(func(env *service.Env) (http.Handler, error) {
		os.Setenv("DATABASE_READ", os.Getenv("DATABASE_ORDER")+"&default_transaction_read_only=on")
		db, err := env.Open("DATABASE_READ")
		if err != nil {
			return nil, err
		}
		h := &history{db: db}
		return h.routes(), nil
	})
}
