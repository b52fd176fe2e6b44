// Command order takes orders and shows them.
package main

import (
	"context"
	_ "embed"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"shop/service"
)

//go:embed schema.sql
var schema string

// shop is the order service.
type shop struct {
	db  *pgxpool.Pool
	old *pgxpool.Pool // the shared one, for names
}

func main() {
	service.Run("DATABASE_ORDER", schema, func(env *service.Env) http.Handler {
		old, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_SHOP")+"&application_name=order")
		if err != nil {
			panic(err)
		}
		s := &shop{db: env.DB, old: old}
		return s.routes()
	})
}
