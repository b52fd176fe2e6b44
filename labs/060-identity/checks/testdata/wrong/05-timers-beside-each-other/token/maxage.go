package token

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// usual is how long keys are good where the issuer does not say it.
const usual = time.Minute

// maxAge is how long an answer is good, as its header says.
func maxAge(header http.Header) time.Duration {
	for directive := range strings.SplitSeq(header.Get("Cache-Control"), ",") {
		text, is := strings.CutPrefix(strings.TrimSpace(directive), "max-age=")
		if seconds, err := strconv.Atoi(text); is && err == nil {
			return max(time.Duration(seconds)*time.Second, pause)
		}
	}
	return usual
}
