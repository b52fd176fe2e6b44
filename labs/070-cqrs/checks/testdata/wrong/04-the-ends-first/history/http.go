package main

import (
	"errors"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"shop/service"
)

// page is the history of one customer.
type page struct {
	Customer string `json:"customer"`
	Orders   int    `json:"orders"` // how many there are
	Spent    int64  `json:"spent"`  // in cents, without what was cancelled
	List     []line `json:"list"`   // the newest of them
}

// line is one order of a page.
type line struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Quantity int       `json:"quantity"`
	Total    int64     `json:"total"`
	Status   string    `json:"status"` // Placed, Packing, Cancelled
	Placed   time.Time `json:"placed"`
}

// newest is how many orders a page lists.
const newest = 20

func (h *history) routes(p *projection) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", h.getOrder)
	mux.HandleFunc("GET /history", h.getHistory)
	mux.HandleFunc("GET /joined", h.getJoined)
	mux.HandleFunc("POST /rebuild", p.postRebuild)
	mux.HandleFunc("GET /lag", p.getLag)
	return mux
}

// getOrder answers with one order.
func (h *history) getOrder(w http.ResponseWriter, r *http.Request) {
	found, err := h.find(r.Context(), r.PathValue("id"))
	if errors.Is(err, pgx.ErrNoRows) {
		http.Error(w, "no such order", http.StatusNotFound)
		return
	}
	if err != nil {
		service.Fail(w, r, "find order", err)
		return
	}
	service.Answer(w, http.StatusOK, found)
}

// getHistory answers with a customer's page: GET /history?customer=….
func (h *history) getHistory(w http.ResponseWriter, r *http.Request) {
	found, err := h.page(r.Context(), r.URL.Query().Get("customer"))
	if err != nil {
		service.Fail(w, r, "find history", err)
		return
	}
	service.Answer(w, http.StatusOK, found)
}

// getJoined answers with the same page, made of the tables of the orders. It stays as it
// is: step 6 compares with it.
func (h *history) getJoined(w http.ResponseWriter, r *http.Request) {
	found, err := h.joined(r.Context(), r.URL.Query().Get("customer"))
	if err != nil {
		service.Fail(w, r, "find history", err)
		return
	}
	service.Answer(w, http.StatusOK, found)
}
