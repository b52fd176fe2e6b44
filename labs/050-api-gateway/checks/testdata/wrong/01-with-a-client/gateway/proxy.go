package main

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
)

// proxy passes each request on to the service.
func proxy(name string, target *url.URL) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := http.NewRequestWithContext(r.Context(), r.Method, target.String()+r.URL.RequestURI(), r.Body)
		if err != nil {
			answer(w, http.StatusBadRequest, err.Error())
			return
		}
		out.Header = r.Header
		out.Header.Set("X-Forwarded-For", "127.0.0.1")
		out.Header.Set("X-Forwarded-Host", r.Host)
		out.Header.Set("X-Forwarded-Proto", "https")
		response, err := http.DefaultClient.Do(out)
		if err != nil {
			answer(w, http.StatusBadGateway, map[string]string{"error": err.Error(), "service": name})
			return
		}
		defer response.Body.Close()
		maps.Copy(w.Header(), response.Header)
		w.WriteHeader(response.StatusCode)
		_, _ = io.Copy(w, response.Body)
	})
}

func answer(w http.ResponseWriter, status int, out any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out)
}
