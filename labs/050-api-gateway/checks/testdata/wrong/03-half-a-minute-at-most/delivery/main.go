// Command delivery knows where the parcels are.
package main

import (
	"net/http"

	"shop/service"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /deliveries/{order}", func(w http.ResponseWriter, r *http.Request) {
		service.Answer(w, http.StatusOK, map[string]string{"order": r.PathValue("order"), "status": "Shipped"})
	})
	service.Run(mux, true)
}
