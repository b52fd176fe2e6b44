// Command product knows what the shop sells.
package main

import (
	"net/http"
	"strings"

	"shop/service"
)

// product is what stands on the shelf.
type product struct {
	SKU   string `json:"sku"`
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

var shelf = map[string]product{
	"lamp": {"lamp", "Reading lamp", 4900},
	"cup":  {"cup", "Cup, blue", 1200},
	"tea":  {"tea", "Green tea, 100 g", 435},
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /products/{sku}", func(w http.ResponseWriter, r *http.Request) { find(w, r.PathValue("sku")) })
	mux.HandleFunc("GET /products/of/{order}", func(w http.ResponseWriter, r *http.Request) {
		sku, _, _ := strings.Cut(r.PathValue("order"), "-") // lamp-2-K4F7Q2
		find(w, sku)
	})
	service.Run(mux, true)
}

func find(w http.ResponseWriter, sku string) {
	p, known := shelf[sku]
	if !known {
		http.Error(w, "no such product", http.StatusNotFound)
		return
	}
	service.Answer(w, http.StatusOK, p)
}
