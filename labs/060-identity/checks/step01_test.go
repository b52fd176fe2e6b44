//go:build lab

package checks

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

const decoder = "token/token.go"

// shown is what inspect prints of one token.
type shown struct {
	Header    map[string]any
	Claims    map[string]any
	Signed    string
	Signature string
	Error     string
}

// inspect has the learner's program take tokens apart.
func inspect(c *check.C, tokens ...string) []shown {
	c.Helper()
	r := proc.Build(c, "inspect").Run(10*time.Second, proc.Call{Stdin: strings.Join(tokens, "\n") + "\n"})
	var all []shown
	for _, line := range r.Lines() {
		var s shown
		if json.Unmarshal([]byte(line), &s) != nil {
			break
		}
		all = append(all, s)
	}
	if len(all) != len(tokens) {
		c.NotYet(check.Finding{
			Say: "The program inspect does not print one line of JSON for each token.", Got: fmt.Sprintf("%d lines", len(all)), Want: fmt.Sprintf("%d lines", len(tokens)),
			At: "inspect/main.go", Next: "Reset inspect/main.go where you have changed it.", Output: r.Output(),
		})
	}
	return all
}

// A right token comes apart into header, claims, what is signed and the signature.
func TestStep01_TakenApart(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	key := firstKey()
	all := []claims{
		{"iss": "http://identity", "sub": "mina", "aud": "shop", "exp": in(time.Minute)},
		{"sub": "juno", "aud": []any{"shop", "web"}, "address": map[string]any{"street": "Elm Street 5", "rooms": []any{1.0, true, nil}}},
		{"sub": "민아", "name": "찻주전자 🫖", "note": "a\"b\\c\n<&>"},
		{},
	}
	for n := range 8 { // of every length, as padding would be of one to three
		all = append(all, claims{"sub": strings.Repeat("?", n), "n": strings.Repeat("~", n)})
	}
	var tokens []string
	for _, one := range all {
		tokens = append(tokens, key.token(one))
	}
	for _, text := range []string{`{ "typ":"JWT", "alg":"RS256" }`, "{\n\t\"sub\": \"mina\",\n\t\"aud\": \"shop\"\n}", `{"sub":"m\u0069na","n":1e2,"b":"<&>"}`} { // as others write JSON
		tokens = append(tokens, encode([]byte(text))+"."+encode([]byte(text))+"."+encode(key.sign(text)))
	}
	tokens = append(tokens, object(header{"alg": "none"})+"."+object(claims{"sub": "nobody"})+".", long(longest))
	for n, got := range inspect(c, tokens...) {
		want := apart(tokens[n])
		if got.Error != "" || !reflect.DeepEqual(got, want) {
			c.NotYet(check.Finding{
				Say: "A right token is not taken apart as it should be.", Got: fmt.Sprintf("%.1000s", fmt.Sprintf("%+v", got)), Want: fmt.Sprintf("%.1000s", fmt.Sprintf("%+v", want)), At: decoder,
				Next: next(tokens[n]),
			})
		}
	}
}

// next is what to do about a right token that is not taken apart: the whole of it
// is to be pasted, where it is not too long for a line.
func next(token string) string {
	if len(token) > 1000 {
		return fmt.Sprintf("A token of %d bytes is right; one of more than 8192 is not.", len(token))
	}
	return fmt.Sprintf("Try it: echo %s | go run ./inspect", token)
}

// longest is how many bytes a token may have.
const longest = 8192

// long is a token of so many bytes.
func long(bytes int) string {
	for more := range 4 { // base64url makes no text of every length
		h := object(header{"alg": "RS256", "kid": strings.Repeat("k", more)})
		for n := bytes / 2; n < bytes; n++ {
			if length := base64.RawURLEncoding.EncodedLen(len(`{"sub":""}`) + n); len(h)+length+2+base64.RawURLEncoding.EncodedLen(64) == bytes {
				return h + "." + object(claims{"sub": strings.Repeat("x", n)}) + "." + encode(make([]byte, 64))
			}
		}
	}
	panic("no token has that length")
}

// apart is the check's own decoder, for tokens that are right.
func apart(token string) (s shown) {
	parts := strings.Split(token, ".")
	for n, into := range []*map[string]any{&s.Header, &s.Claims} {
		text, _ := base64.RawURLEncoding.DecodeString(parts[n])
		_ = json.Unmarshal(text, into)
	}
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	s.Signed, s.Signature = parts[0]+"."+parts[1], hex.EncodeToString(signature)
	return s
}

// malformed are texts that are no JWT.
func malformed() []struct{ what, token string } {
	key := firstKey()
	right := key.token(claims{"sub": "mina", "n": "~~~???"})
	parts := strings.Split(right, ".")
	raw := func(head, body string) string {
		return encode([]byte(head)) + "." + encode([]byte(body)) + "." + parts[2]
	}
	return []struct{ what, token string }{
		{"an empty line", ""},
		{"a word", "hello"},
		{"a token with two parts", parts[0] + "." + parts[1]},
		{"a token with four parts", right + "." + parts[2]},
		{"a token with five parts, as an encrypted one has", right + "." + parts[2] + "." + parts[2]},
		{"a token with an empty header", "." + parts[1] + "." + parts[2]},
		{"a token with empty claims", parts[0] + ".." + parts[2]},
		{"a token with padding", base64.URLEncoding.EncodeToString([]byte(`{"alg":"RS256"}  `)) + "." + parts[1] + "." + parts[2]},
		{"a token in plain base64, with + and /", parts[0] + "." + base64.RawStdEncoding.EncodeToString([]byte(`{"n":"~~~???>>>"}`)) + "." + parts[2]},
		{"a token with a space", parts[0] + ". " + parts[1] + "." + parts[2]},
		{"a token with a space before it", " " + right},
		{"a token with a space behind it", right + " "},
		{"a token with a tab behind it", right + "\t"},
		{"a token with a tab behind its header", parts[0] + "\t." + parts[1] + "." + parts[2]},
		{"a token with a carriage return in its claims", parts[0] + "." + parts[1][:8] + "\r" + parts[1][8:] + "." + parts[2]},
		{"a token with a carriage return in its header", parts[0][:8] + "\r" + parts[0][8:] + "." + parts[1] + "." + parts[2]},
		{"a token with a carriage return in its signature", parts[0] + "." + parts[1] + "." + parts[2][:8] + "\r" + parts[2][8:]},
		{"a token with bits left over in its last character", leftOver(right)},
		{"a token whose header is no JSON", raw("alg=RS256", `{"sub":"mina"}`)},
		{"a token whose header is a list", raw(`["RS256"]`, `{"sub":"mina"}`)},
		{"a token whose header is null", raw("null", `{"sub":"mina"}`)},
		{"a token whose claims are null", raw(`{"alg":"RS256"}`, "null")},
		{"a token whose claims are a text", raw(`{"alg":"RS256"}`, `"mina"`)},
		{"a token whose claims are a number", raw(`{"alg":"RS256"}`, "7")},
		{"a token with something behind its claims", raw(`{"alg":"RS256"}`, `{"sub":"mina"}{"sub":"juno"}`)},
		{"a token with a brace too many behind its claims", raw(`{"alg":"RS256"}`, `{"sub":"mina"}}`)},
		{"a token with a bracket behind its claims", raw(`{"alg":"RS256"}`, `{"sub":"mina"}]`)},
		{"a token with a comma behind its claims", raw(`{"alg":"RS256"}`, `{"sub":"mina"},`)},
		{"a token with a brace too many behind its header", raw(`{"alg":"RS256"}}`, `{"sub":"mina"}`)},
		{"a token with a word behind its header", raw(`{"alg":"RS256"} null`, `{"sub":"mina"}`)},
		{"a token whose claims break off", raw(`{"alg":"RS256"}`, `{"sub":"mina"`)},
		{"a token whose claims are no UTF-8", raw(`{"alg":"RS256"}`, "{\"sub\":\"\xff\xfe\"}")},
		{"a token of more than 8192 bytes", long(longest + 1)},
		{"a token in the JSON form, with two signatures", `{"payload":"` + parts[1] + `","signatures":[{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"},{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"}]}`},
	}
}

// leftOver is the token with another last character that decodes to the same
// bytes: only a strict decoder sees the difference.
func leftOver(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + string(alphabet[last+1]) // 256 bytes leave four bits of zeros
}

// What is no JWT is refused, and so is what is too long.
func TestStep01_NoToken(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	all := malformed()
	tokens := []string{firstKey().token(claims{"sub": "mina"})}
	for _, one := range all {
		tokens = append(tokens, one.token)
	}
	got := inspect(c, tokens...)
	if got[0].Error != "" {
		c.NotYet(check.Finding{Say: "A right token is refused.", Got: got[0].Error, Want: "its header and its claims", At: decoder, Next: "Write Parse in token/token.go."})
	}
	for n, one := range all {
		if got[n+1].Error == "" {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("Parse takes %s for a JWT.", one.what), Got: fmt.Sprintf("%.300s", fmt.Sprintf("%+v", got[n+1])), Want: "an error", At: decoder,
				Next: "Return an error for all that is not three parts of strict base64url, the first two of them JSON objects.", Output: fmt.Sprintf("%.500q", one.token),
			})
		}
	}
}

// A name that comes twice is refused, or the last value counts; the first never does.
func TestStep01_TheSameNameTwice(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	tail := "." + encode([]byte("signature"))
	twice := []string{
		encode([]byte(`{"alg":"RS256","alg":"none"}`)) + "." + object(claims{"sub": "mina"}) + tail,
		object(header{"alg": "RS256"}) + "." + encode([]byte(`{"sub":"mina","sub":"juno"}`)) + tail,
		object(header{"alg": "RS256"}) + "." + encode([]byte(`{"sub":"mina","s\u0075b":"juno"}`)) + tail,
	}
	tokens := append(twice, firstKey().token(claims{"sub": "mina", "SUB": "juno"}))
	all := inspect(c, tokens...)
	for n, got := range all[:len(twice)] {
		if got.Error == "" && (got.Header["alg"] != apart(twice[n]).Header["alg"] || got.Claims["sub"] != apart(twice[n]).Claims["sub"]) {
			c.NotYet(check.Finding{
				Say: "Of a name that comes twice the first value counts.", Got: fmt.Sprintf("%+v", got), Want: "an error, or the last value", At: decoder,
				Next: "Two programs that read one token differently can be played off against each other: RFC 7519 allows only these two ways.",
			})
		}
	}
	if got := all[len(twice)]; got.Error != "" || got.Claims["sub"] != "mina" || got.Claims["SUB"] != "juno" {
		c.NotYet(check.Finding{
			Say: "The names sub and SUB are two names, and Parse does not keep them apart.", Got: fmt.Sprintf("%+v", got), Want: `both "sub" and "SUB"`, At: decoder,
			Next: "Decode into a map: into a struct, encoding/json takes a name in capitals, too.",
		})
	}
}
