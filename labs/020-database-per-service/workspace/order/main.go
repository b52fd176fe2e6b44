// Command order takes orders and shows them.
package main

import (
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"shop/service"
	"shop/shared"
)

// shop is the order service.
type shop struct {
	db *pgxpool.Pool
}

func main() {
	service.Run("DATABASE_SHOP", shared.Schema, func(env *service.Env) http.Handler {
		s := &shop{db: env.DB}
		return s.routes()
	})
}
