package dockerproxy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// maxBody bounds a request's body where the proxy reads it.
const maxBody = 1 << 20

// refusal is an answer that the engine did not give.
type refusal struct {
	status  int
	message string
}

func (r *refusal) Error() string { return r.message }

func forbidden(format string, args ...any) error {
	return &refusal{http.StatusForbidden, fmt.Sprintf(format, args...)}
}

// refuse answers as the engine does, so that its clients show the sentence.
func refuse(w http.ResponseWriter, err error) {
	refused := &refusal{http.StatusBadGateway, "The Docker engine did not answer: " + err.Error()}
	errors.As(err, &refused)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(refused.status)
	json.NewEncoder(w).Encode(map[string]string{"message": refused.message})
}

// unreachable is how the proxy tells that the engine is gone.
func unreachable(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		refuse(w, err)
	}
}

// decode reads a request's body. What is decoded here is encoded again for the
// engine, so that both have read the same: names that differ in case only,
// and names that come twice, would else mean one thing here and another there.
func decode(r *http.Request, out any) error {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err == nil && len(body) > 0 {
		err = json.Unmarshal(body, out)
	}
	if err != nil {
		return &refusal{http.StatusBadRequest, "The request cannot be read: " + err.Error()}
	}
	return nil
}
