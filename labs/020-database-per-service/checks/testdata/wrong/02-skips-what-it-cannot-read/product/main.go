// Command product knows the products, and how much of each is in stock.
package main

import (
	_ "embed"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"shop/service"
)

//go:embed schema.sql
var schema string

// shop is the product service.
type shop struct {
	db *pgxpool.Pool
}

func main() {
	service.Run("DATABASE_PRODUCT", schema, func(env *service.Env) http.Handler {
		s := &shop{db: env.DB}
		return s.routes()
	})
}
