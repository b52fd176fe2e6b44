package main

import (
	"net/http"
	"net/url"
)

// routes leads each path to its service. instances has the addresses of each
// service by its name: "order", "product", "delivery".
func routes(instances map[string][]*url.URL) http.Handler {
	return http.NotFoundHandler()
}
