package check

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"cnalab/labs"
)

// sinceLines is how many lines LogSince shows of each of several services.
const sinceLines = 12

// logLine is a line that a part has logged.
type logLine struct {
	Time time.Time `json:"time"`
	Text string    `json:"text"`
}

// LogSince returns the last lines that the parts have logged since the check
// began, under the name of each, for a finding's Output. A line of JSON is
// shown as a person would write it. It is empty where no sandbox is open.
func (c *C) LogSince(parts ...string) string {
	k, err := parseControl(os.Getenv(labs.EnvControl))
	if err != nil {
		return ""
	}
	most := tailLines
	if len(parts) > 1 {
		most = sinceLines
	}
	var all strings.Builder
	for _, name := range parts {
		fmt.Fprintf(&all, "%s:\n%s\n", name, k.since(context.WithoutCancel(c.Context), name, c.began, most))
	}
	return strings.TrimSuffix(all.String(), "\n")
}

// Logged returns the lines that the part has logged, so many at the most, oldest
// first: what the sandbox still has of them.
func (c *C) Logged(part string, most int) []string {
	c.Helper()
	k := c.control()
	ctx, cancel := context.WithTimeout(c.Context, 5*time.Second)
	defer cancel()
	var logged []logLine
	query := url.Values{"part": {part}, "lines": {fmt.Sprint(most)}}
	c.Must(k.call(ctx, http.MethodGet, "/log", query, &logged), "The sandbox did not say what "+part+" has logged.")
	lines := make([]string, len(logged))
	for i, line := range logged {
		lines[i] = line.Text
	}
	return lines
}

// since returns the part's last lines from that time on, so many at the most.
func (k control) since(ctx context.Context, name string, begin time.Time, most int) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var logged []logLine
	query := url.Values{"part": {name}, "lines": {"200"}}
	if err := k.call(ctx, http.MethodGet, "/log", query, &logged); err != nil {
		return err.Error()
	}
	var lines []string
	for _, line := range logged {
		if !line.Time.Before(begin) {
			lines = append(lines, readable(line.Text))
		}
	}
	if len(lines) == 0 {
		return "  nothing since the check began"
	}
	if left := len(lines) - most; left > 0 {
		lines = append([]string{fmt.Sprintf("… %d more", left)}, lines[left:]...)
	}
	return "  " + strings.Join(lines, "\n  ")
}

// readable turns a line of log/slog's JSON into its time, message and
// attributes, and leaves every other line as it is.
func readable(text string) string {
	var line map[string]any
	if json.Unmarshal([]byte(text), &line) != nil || line["msg"] == nil {
		return text
	}
	words := []string{fmt.Sprint(line["msg"])}
	if at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(line["time"])); err == nil {
		words = append([]string{at.Format("15:04:05.000")}, words...)
	}
	for _, known := range []string{"time", "level", "msg", "service"} {
		delete(line, known)
	}
	for _, key := range slices.Sorted(maps.Keys(line)) {
		words = append(words, fmt.Sprintf("%s=%v", key, line[key]))
	}
	return strings.Join(words, " ")
}
