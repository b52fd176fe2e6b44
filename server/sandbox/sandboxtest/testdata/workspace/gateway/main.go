// Command gateway is a service that serves TLS and says its name.
package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	certificate, key := os.Getenv("TLS_CERT_FILE"), os.Getenv("TLS_KEY_FILE")
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "gateway") })
	http.HandleFunc("/mode", func(w http.ResponseWriter, r *http.Request) {
		info, err := os.Stat(key)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, info.Mode())
	})
	fmt.Fprintln(os.Stderr, http.ListenAndServeTLS(os.Getenv("ADDR"), certificate, key, nil))
	os.Exit(1)
}
