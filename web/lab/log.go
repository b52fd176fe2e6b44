package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// parsed is a line taken apart. A line that is not JSON is all sentence. The
// script assets/log.ts does the same for lines that come later.
type parsed struct{ level, says, rest string }

// parse takes a JSON line of log/slog apart, keeping the order of its fields.
func (l Line) parse() parsed {
	d := json.NewDecoder(bytes.NewReader([]byte(l.Text)))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return parsed{says: l.Text}
	}
	var p parsed
	var rest []string
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return parsed{says: l.Text}
		}
		switch name {
		case "time":
		case "level":
			p.level = strings.ToLower(bare(value))
		case "msg":
			p.says = bare(value)
		default:
			rest = append(rest, fmt.Sprintf("%s=%s", name, bare(value)))
		}
	}
	p.rest = strings.Join(rest, " ")
	return p
}

// bare is a JSON value without the quotes of a string.
func bare(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}
