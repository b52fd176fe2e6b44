package main

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"shop/service"
)

// page is the history of one customer.
type page struct {
	Customer string `json:"customer"`
	Version  int64  `json:"version"`         // of the last change that it shows
	Stale    bool   `json:"stale,omitempty"` // it lacks a change that was asked for
	Orders   int    `json:"orders"`          // how many there are
	Spent    int64  `json:"spent"`           // in cents, without what was cancelled
	List     []line `json:"list"`            // the newest of them
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

// getHistory answers with a customer's page: GET /history?customer=…&version=…. With a
// version it waits until the page shows that change.
func (h *history) getHistory(w http.ResponseWriter, r *http.Request) {
	var version int64
	if asked := r.URL.Query().Get("version"); asked != "" {
		var err error
		if version, err = strconv.ParseInt(asked, 10, 64); err != nil || version < 0 {
			http.Error(w, "a version is a number, such as 7", http.StatusBadRequest)
			return
		}
	}
	found, err := h.await(r.Context(), r.URL.Query().Get("customer"), version)
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
