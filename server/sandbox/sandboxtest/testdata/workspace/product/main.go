// Command product is a service that says its name.
package main

import (
	"fmt"
	"net/http"
	"os"

	"shop/words"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, words.Product) })
	fmt.Fprintln(os.Stderr, http.ListenAndServe(os.Getenv("ADDR"), nil))
	os.Exit(1)
}
