package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"cnalab/labs"
	"cnalab/server/datadir"
)

// maxReport bounds what is read from a server, in case it is not ours.
const maxReport = 16 << 20

// request is what a server is asked to check.
type request struct {
	Lab       string `json:"lab"`
	Workspace string `json:"workspace"`
	Step      int    `json:"step,omitzero"` // 0 is all of them
}

// single is the step where there is one; a server checks one or all.
func single(steps []int) int {
	if len(steps) == 1 {
		return steps[0]
	}
	return 0
}

// ask has the running server check in the sandbox that it has open. An error
// means that it did not; the reason is for the log.
func ask(ctx context.Context, server datadir.Server, r request) (labs.Report, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return labs.Report{}, fmt.Errorf("encode the request: %w", err)
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/api/verify", bytes.NewReader(body))
	if err != nil {
		return labs.Report{}, fmt.Errorf("ask the server: %w", err)
	}
	post.Header.Set("Content-Type", "application/json")
	post.Header.Set("Authorization", "Bearer "+server.Token)
	answer, err := client.Do(post)
	if err != nil {
		return labs.Report{}, fmt.Errorf("ask the server: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 4096))
		return labs.Report{}, fmt.Errorf("ask the server: %s: %s", answer.Status, text)
	}
	return readReport(answer.Body, r.Lab)
}

func readReport(body io.Reader, lab string) (report labs.Report, err error) {
	if err := json.NewDecoder(io.LimitReader(body, maxReport)).Decode(&report); err != nil {
		return labs.Report{}, fmt.Errorf("read the server's report: %w", err)
	}
	if report.Lab != lab {
		return labs.Report{}, fmt.Errorf("read the server's report: it is about lab %q", report.Lab)
	}
	return report, nil
}

// client waits long for a verdict, but not for a server that is gone. It goes
// to this machine directly, whatever proxy the environment names.
var client = &http.Client{
	Transport:     &http.Transport{DialContext: (&net.Dialer{Timeout: 2 * time.Second}).DialContext},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}
