package grade

import (
	"fmt"
	"regexp"
	"strings"

	"cnalab/labs"
)

const (
	// headBytes and tailBytes are what is kept of a check's output: how it
	// began and how it ended say most.
	headBytes = 4 << 10
	tailBytes = 12 << 10
	// mostFrames is how many lines of a crash's stack are kept.
	mostFrames = 16
)

// tail keeps the beginning and the end of what is written to it.
type tail struct {
	head, end []byte
	dropped   int64
}

func (t *tail) write(s string) {
	if room := headBytes - len(t.head); room > 0 && t.dropped == 0 && len(t.end) == 0 {
		n := min(room, len(s))
		t.head = append(t.head, s[:n]...)
		s = s[n:]
	}
	t.end = append(t.end, s...)
	if extra := len(t.end) - tailBytes; extra > tailBytes { // now and then, not for each line
		t.dropped += int64(extra)
		t.end = append(t.end[:0], t.end[extra:]...)
	}
}

// String is what was kept, with a line where something is missing.
func (t *tail) String() string {
	end, dropped := t.end, t.dropped
	if extra := len(end) - tailBytes; extra > 0 {
		end, dropped = end[extra:], dropped+int64(extra)
	}
	if dropped == 0 {
		return strings.ToValidUTF8(string(t.head)+string(end), "")
	}
	head := strings.TrimRight(string(t.head), "\n")
	return strings.ToValidUTF8(fmt.Sprintf("%s\n… %d bytes not shown …\n%s", head, dropped, end), "")
}

// bounded cuts the middle out of a long text.
func bounded(s string) string {
	var t tail
	t.write(s)
	return t.String()
}

// readable makes output fit for a report: bounded, and with paths that start
// in the workspace or in the lab's folder.
func (p *pass) readable(output string) string {
	if p.Workspace != "" {
		output = strings.ReplaceAll(output, p.Workspace+"/", "")
	}
	return strings.TrimRight(bounded(inLab(p.Lab, output)), "\n")
}

// inLab shortens paths into a lab's folder, wherever that was when its
// checks were compiled.
func inLab(lab *labs.Lab, output string) string {
	into := regexp.MustCompile(`[^\s:]*/` + regexp.QuoteMeta(lab.Folder) + `/checks/`)
	return into.ReplaceAllString(output, "checks/")
}

// crash is a panic or another end that the Go runtime told of.
type crash struct {
	message string // "boom"
	lines   string // the message and the frames that are somebody's code
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

// readCrash finds a crash in a check's output.
func readCrash(output string) (crash, bool) {
	at := crashLine.FindStringSubmatchIndex(output)
	if at == nil {
		return crash{}, false
	}
	message := recovered.ReplaceAllString(output[at[2]:at[3]], "")
	if len(message) > 200 {
		message = strings.ToValidUTF8(message[:200], "") + "…"
	}
	before := strings.TrimRight(address.ReplaceAllString(output[:at[0]], ""), "\n")
	lines := strings.TrimLeft(before+"\n"+trimFrames(output[at[0]:]), "\n")
	return crash{strings.TrimRight(message, "."), lines}, true
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
