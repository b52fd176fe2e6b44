package service

import (
	"encoding/json"
	"log/slog"
	"net/http"
)

// Read decodes the request's JSON body into in, and answers 400 where it
// cannot.
func Read(w http.ResponseWriter, r *http.Request, in any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(in); err != nil {
		http.Error(w, "the body is not the JSON that is asked for", http.StatusBadRequest)
		return false
	}
	return true
}

// Answer writes out as JSON.
func Answer(w http.ResponseWriter, status int, out any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(out); err != nil { // the caller has gone
		slog.Warn("answer", "err", err)
	}
}

// Fail logs the error and answers 500.
func Fail(w http.ResponseWriter, r *http.Request, doing string, err error) {
	slog.ErrorContext(r.Context(), doing, "err", err)
	http.Error(w, doing+" failed", http.StatusInternalServerError)
}
