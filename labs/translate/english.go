package translate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// mark is the first line of a translated text: the English that it was made from.
var mark = regexp.MustCompile(`^<!-- english: ([0-9a-f]+) -->\r?\n`)

// Cut takes the mark off a translated text; it is empty where there is none.
func Cut(text string) (english, rest string) {
	found := mark.FindStringSubmatch(text)
	if found == nil {
		return "", text
	}
	return found[1], text[len(found[0]):]
}

// Sum names the English text, so that a translation can say which it is of.
func Sum(english string) string {
	sum := sha256.Sum256([]byte(strings.ReplaceAll(english, "\r\n", "\n")))
	return hex.EncodeToString(sum[:6])
}

// Mark writes into the Korean texts of a lab's folder that they are of the English
// as it is now: of the step, or of all where it is 0. It returns the files that it
// has changed.
func Mark(dir string, step int) (changed []string, err error) {
	pattern := "*.ko.md"
	if step > 0 {
		pattern = fmt.Sprintf("%02d-%s", step, pattern)
	}
	files, err := filepath.Glob(filepath.Join(dir, "steps", pattern))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		english, err := os.ReadFile(strings.TrimSuffix(file, ".ko.md") + ".md")
		if err != nil {
			return changed, err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return changed, err
		}
		before, rest := Cut(string(text))
		if now := Sum(string(english)); now != before {
			if err := os.WriteFile(file, []byte("<!-- english: "+now+" -->\n"+rest), 0o644); err != nil {
				return changed, err
			}
			changed = append(changed, file)
		}
	}
	return changed, nil
}
