package testlog

import (
	"regexp"
	"strings"
)

// mostFrames is how many lines of a crash's stack are kept.
const mostFrames = 16

// Crash is a panic or another end that the Go runtime told of.
type Crash struct {
	Message string // "boom"
	Lines   string // the message and the frames that are somebody's code
}

var (
	crashLine = regexp.MustCompile(`(?m)^(?:panic|fatal error): (.*)$`)
	recovered = regexp.MustCompile(`( \[recovered[^\]]*\])+$`)
	arguments = regexp.MustCompile(`\([^()]*\)$`)
	offset    = regexp.MustCompile(` (\+0x[0-9a-f]+.*|in goroutine \d+)$`)
	address   = regexp.MustCompile(`(?m)^runtime: .*0x[0-9a-f]+.*\n`)
	checksDir = regexp.MustCompile(`cnalab/\S*/checks\.`)
	ourFrame  = regexp.MustCompile(`^(?:created by )?(?:testing\.|runtime[./]|panic\(|cnalab/labs/check[./])`)
)

// ReadCrash finds a crash in a check's output.
func ReadCrash(output string) (Crash, bool) {
	at := crashLine.FindStringSubmatchIndex(output)
	if at == nil {
		return Crash{}, false
	}
	message := recovered.ReplaceAllString(output[at[2]:at[3]], "")
	if len(message) > 200 {
		message = strings.ToValidUTF8(message[:200], "") + "…"
	}
	before := strings.TrimRight(address.ReplaceAllString(output[:at[0]], ""), "\n")
	lines := strings.TrimLeft(before+"\n"+trimFrames(output[at[0]:]), "\n")
	return Crash{strings.TrimRight(message, "."), lines}, true
}

// trimFrames keeps the first goroutine's frames that are neither the Go
// runtime's nor ours, without addresses.
func trimFrames(trace string) string {
	lines := strings.Split(strings.TrimSpace(trace), "\n")
	var kept []string
	goroutines := 0
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if strings.HasPrefix(line, "goroutine ") {
			if goroutines++; goroutines > 1 {
				break
			}
			continue
		}
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], "\t") { // a function, and where it is
			i++
			if !ourFrame.MatchString(line) {
				line = checksDir.ReplaceAllString(arguments.ReplaceAllString(offset.ReplaceAllString(line, ""), "()"), "checks.")
				kept = append(kept, line, offset.ReplaceAllString(lines[i], ""))
			}
		} else if strings.TrimSpace(line) != "" && line != "runtime stack:" && goroutines == 0 {
			kept = append(kept, recovered.ReplaceAllString(line, ""))
		}
	}
	if len(kept) > mostFrames {
		kept = append(kept[:mostFrames], "…")
	}
	return strings.Join(kept, "\n")
}
