package main

import (
	"net/http"

	"github.com/jackc/pgx/v5"

	"shop/service"
)

// rebuild answers with what is in the table.
func (s *shop) rebuild(w http.ResponseWriter, r *http.Request) {
	rows, err := s.db.Query(r.Context(), "SELECT sku, quantity FROM stock")
	if err != nil {
		service.Fail(w, r, "rebuild stock", err)
		return
	}
	quantities := map[string]int{}
	var sku string
	var quantity int
	_, err = pgx.ForEachRow(rows, []any{&sku, &quantity}, func() error {
		quantities[sku] = quantity
		return nil
	})
	if err != nil {
		service.Fail(w, r, "rebuild stock", err)
		return
	}
	service.Answer(w, http.StatusOK, map[string]any{"stock": quantities})
}
