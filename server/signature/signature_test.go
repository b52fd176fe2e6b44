package signature

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
)

func keys(t *testing.T) (ed25519.PrivateKey, ed25519.PublicKey) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key.pem")
	pub, err := NewKey(file)
	if err != nil {
		t.Fatal(err)
	}
	key, err := Private(file)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := Public(pub)
	if err != nil {
		t.Fatal(err)
	}
	return key, theirs
}

func report() labs.Report {
	return labs.Report{Lab: "kafka", Verdict: labs.NotYet, Isolation: labs.ByAccount, At: time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC),
		Digests: &labs.Digests{Workspace: "sha256:01", Checks: "sha256:02", Program: "sha256:03"},
		Steps: []labs.StepReport{{Step: 1, Title: "<topics> & \"keys\"", Verdict: labs.NotYet, Checks: []labs.CheckReport{
			{Name: "TestStep01_X", Verdict: labs.NotYet, Say: "잘못 \u2028 <b>", Got: "\x00\xff", Output: "a\n\tb"}}}}}
}

// written is a signed report as verify writes it.
func written(t *testing.T, key ed25519.PrivateKey) []byte {
	t.Helper()
	r := report()
	if err := Sign(&r, key); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func TestSignedReport(t *testing.T) {
	key, pub := keys(t)
	text := written(t, key)
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		t.Fatal(err)
	}
	list := append(append([]byte("["), text...), ']')
	for name, text := range map[string][]byte{"as it was written": text, "without its space": compact.Bytes(), "in a list": list} {
		if reports, err := Check(text, pub); err != nil || len(reports) != 1 || reports[0].Lab != "kafka" || reports[0].Verdict != labs.NotYet {
			t.Errorf("%s: got %+v, %v", name, reports, err)
		}
	}
}

func TestChangedReports(t *testing.T) {
	key, pub := keys(t)
	_, other := keys(t)
	text := string(written(t, key))
	for name, test := range map[string]struct {
		text string
		key  ed25519.PublicKey
		say  string
	}{
		"another verdict":   {strings.ReplaceAll(text, "not yet", "passed"), pub, "is not what the owner"},
		"another workspace": {strings.Replace(text, "sha256:01", "sha256:04", 1), pub, "is not what the owner"},
		"another time":      {strings.Replace(text, "2026-11-29", "2026-11-28", 1), pub, "is not what the owner"},
		"one field more":    {strings.Replace(text, "{", `{"more": 1,`, 1), pub, "is not what the owner"},
		"a field twice":     {strings.Replace(text, "{", `{"verdict": "passed",`, 1), pub, "twice"},
		"a verdict of both": {strings.Replace(text, "{", `{"Verdict": "passed",`, 1), pub, "is not what the owner"},
		"another key":       {text, other, "is not what the owner"},
		"no signature":      {`{"lab": "kafka", "verdict": "passed"}`, pub, "is not signed"},
		"no report":         {"PASS", pub, "no report"},
	} {
		_, err := Check([]byte(test.text), test.key)
		if err == nil || !strings.Contains(labs.AsProblem(err).Error(), test.say) && !strings.Contains(labs.AsProblem(err).Say, test.say) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestKeyFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key.pem")
	pub, err := NewKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("others can read the key: %v, %v", info, err)
	}
	if _, err := NewKey(file); err == nil {
		t.Error("a key was written over")
	}
	if _, err := Private(pub); err == nil {
		t.Error("the public key signs")
	}
	if _, err := Public(file); err == nil {
		t.Error("the private key is given away")
	}
	if _, err := exec.LookPath("openssl"); err == nil {
		if out, err := exec.Command("openssl", "pkey", "-in", file, "-pubout").Output(); err != nil || !strings.Contains(string(out), "PUBLIC KEY") {
			t.Errorf("OpenSSL does not read it: %s, %v", out, err)
		}
	}
}

func TestDigest(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		sum, err := Digest(dir)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	seen := map[string]bool{}
	for _, sum := range []string{put("a", ""), put("b", "1\nc\n1\n2"), put("b", "1"), put("c", "2"), put("a", "1")} {
		if seen[sum] || !strings.HasPrefix(sum, "sha256:") || len(sum) != len("sha256:")+64 {
			t.Errorf("two folders are %s", sum)
		}
		seen[sum] = true
	}
	if sum, err := Digest(filepath.Join(dir, "a")); err != nil || sum != "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b" {
		t.Errorf("the file 1 is %s, %v", sum, err)
	}
}
