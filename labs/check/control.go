package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"cnalab/labs"
)

// part is what the sandbox says of one of its parts.
type part struct {
	Name   string `json:"name"`
	State  string `json:"state"`
	Say    string `json:"say"`
	Detail string `json:"detail"`
}

// dead reports whether the part is down by its own code's fault, so that
// nothing it does, or fails to do, says anything of the step.
func (p part) dead() bool { return p.State == "crashed" || p.State == "does not build" }

// control speaks to the sandbox's control server.
type control struct {
	base  string
	token string
}

// control finds the sandbox that the check runs in.
func (c *C) control() control {
	c.Helper()
	k, err := parseControl(os.Getenv(labs.EnvControl))
	if err != nil {
		c.CouldNotCheck(Finding{
			Say:    "There is no open sandbox to check in.",
			Next:   "Open the lab's sandbox, then check again.",
			Output: err.Error(),
		})
	}
	return k
}

// parseControl takes http://TOKEN@HOST:PORT apart.
func parseControl(address string) (control, error) {
	u, err := url.Parse(address)
	if err != nil {
		return control{}, fmt.Errorf("read %s: %w", labs.EnvControl, err)
	}
	if u.Host == "" {
		return control{}, fmt.Errorf("%s is not set", labs.EnvControl)
	}
	return control{base: u.Scheme + "://" + u.Host, token: u.User.Username()}, nil
}

// call makes one request and decodes the answer into out, which may be nil.
func (k control) call(ctx context.Context, method, path string, query url.Values, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, k.base+path+"?"+query.Encode(), nil)
	if err != nil {
		return fmt.Errorf("ask the sandbox: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+k.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask the sandbox: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil {
		return fmt.Errorf("read the sandbox's answer: %w", err)
	}
	if resp.StatusCode/100 != 2 {
		return refusal(resp.Status, body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(body, out)
}

// refusal turns an answer that is not 2xx into an error with its sentence.
func refusal(status string, body []byte) error {
	var output struct{ Say, Next string }
	if json.Unmarshal(body, &output) == nil && output.Say != "" {
		return errors.New(strings.TrimSpace(output.Say + " " + output.Next))
	}
	return fmt.Errorf("the sandbox answered %s", status)
}

// part asks for the state of one part.
func (k control) part(ctx context.Context, name string) (part, error) {
	var parts []part
	if err := k.call(ctx, http.MethodGet, "/parts", nil, &parts); err != nil {
		return part{}, err
	}
	for _, p := range parts {
		if p.Name == name {
			return p, nil
		}
	}
	return part{}, fmt.Errorf("the sandbox has no part named %s", name)
}

// tail returns the last lines that the part has logged, or what kept them back.
func (k control) tail(ctx context.Context, name string, lines int) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var logged []struct{ Text string }
	query := url.Values{"part": {name}, "lines": {fmt.Sprint(lines)}}
	if err := k.call(ctx, http.MethodGet, "/log", query, &logged); err != nil {
		return err.Error()
	}
	text := make([]string, len(logged))
	for i, line := range logged {
		text[i] = line.Text
	}
	return strings.Join(text, "\n")
}

// Log returns the last lines that a part of the sandbox has logged, for a
// finding's Output. It is empty where no sandbox is open.
func (c *C) Log(name string, lines int) string {
	k, err := parseControl(os.Getenv(labs.EnvControl))
	if err != nil {
		return ""
	}
	return k.tail(context.WithoutCancel(c.Context), name, lines)
}
