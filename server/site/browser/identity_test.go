package browser

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"cnalab/labs"
	"cnalab/labs/load"
)

// A token that is pasted into the text of lab 060 is taken apart and verified
// there, and no request is made.
func TestTokenTakenApart(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"RS256","kid":"first"}`)) + "." + encode([]byte(`{"sub":"민아"}`))
	changed := encode([]byte(`{"alg":"RS256","kid":"first"}`)) + "." + encode([]byte(`{"sub":"juno"}`))
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	token := signed + "." + encode(signature)
	keys := fmt.Sprintf(`{"keys":[{"kty":"RSA","kid":"first","n":"%s","e":"%s"}]}`, encode(key.N.Bytes()), encode(big.NewInt(int64(key.E)).Bytes()))
	for _, theme := range []string{"light", "dark"} {
		command(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		p.open("http://" + server.address + "/labs/identity/steps/1")
		p.alive()
		p.wait(10*time.Second, "the tool", `document.querySelectorAll("[data-jwt] textarea").length === 2`)
		js[any](p, listens)
		p.paste(0, token)
		p.wait(5*time.Second, "the claims", `document.querySelector(".jwt-parts").textContent.includes("민아")`)
		p.paste(1, keys)
		p.wait(5*time.Second, "a right signature", `document.querySelector(".jwt-says").dataset.state === "right"`)
		p.examine("a token, " + theme)
		p.paste(0, changed+"."+encode(signature))
		p.wait(5*time.Second, "a wrong signature", `document.querySelector(".jwt-says").dataset.state === "wrong"`)
		p.paste(0, "no token")
		p.wait(5*time.Second, "no parts", `document.querySelector(".jwt-parts").children.length === 0`)
		if js[bool](p, fmt.Sprintf(`sent.concat(performance.getEntriesByType("resource").map(e => e.name)).some(text => text.includes(%q))`, encode(signature)[:40])) {
			t.Error("the token leaves the page")
		}
	}
}

// listens notes what the page sends from then on.
const listens = `window.sent = [];
for (const [of, name] of [[window, "fetch"], [XMLHttpRequest.prototype, "open"], [XMLHttpRequest.prototype, "send"], [WebSocket.prototype, "send"], [Navigator.prototype, "sendBeacon"]]) {
	const before = of[name];
	of[name] = function (...all) { sent.push(all.map(String).join(" ")); return before.apply(this, all) };
} null`

// paste puts text into one of the tool's two fields.
func (p *page) paste(field int, text string) {
	p.Helper()
	js[any](p, fmt.Sprintf(`(field => { field.value = %q; field.dispatchEvent(new Event("input", {bubbles: true})); return null })(document.querySelectorAll("[data-jwt] textarea")[%d])`, text, field))
}

// With lab 060 solved a person signs in on the page of the identity service, and
// comes back to the shop.
func TestSignInThroughTheLoginPage(t *testing.T) {
	all, broken := load.All(root + "/labs")
	lab, err := labs.Find(all, "060")
	if err != nil {
		t.Fatal(err, broken)
	}
	solved := labs.Overlay{Files: labs.Tree{}}
	for step := 1; step <= 4; step++ {
		solution, err := lab.Solution(step)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(solved.Files, solution.Files)
	}
	server := aProgram(t)
	p := browse(t)
	server.start(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/" + lab.ID + "/steps/4")
	p.wait(5*time.Minute, "the sandbox", `document.querySelector("#status")?.dataset.state === "open"`)
	p.solve(solved)
	gateway := js[string](p, `[...document.querySelectorAll(".part")].find(part => part.querySelector(".part-name").textContent.trim() === "gateway").querySelector(".part-address").textContent.trim()`)
	awaitLogin(t, "http://"+gateway+"/login")
	p.open("http://" + gateway + "/login")
	p.wait(10*time.Second, "the login page", `document.title === "Sign in to the shop"`)
	p.examine("the login page")
	p.click("#username")
	p.write("mina")
	p.click("#password")
	p.write("wrong")
	p.click("form button")
	p.wait(10*time.Second, "the refusal", `document.querySelector("[role=alert]")`)
	p.click("#password")
	p.write("teapot")
	p.click("form button")
	p.wait(10*time.Second, "the shop", `location.pathname === "/orders" && document.body.textContent.trim() === "[]"`)
	placed := js[string](p, `fetch("/orders", {method: "POST", body: JSON.stringify({sku: "teapot", quantity: 1})}).then(r => r.json()).then(o => o.customer)`)
	if placed != "mina" {
		t.Errorf("the customer is %q", placed)
	}
	if cookies := js[string](p, `document.cookie`); cookies != "" {
		t.Errorf("scripts see the cookies %q", cookies)
	}
}

// awaitLogin waits until the gateway is built and sends browsers to sign in.
func awaitLogin(t *testing.T, address string) {
	client := &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		response, err := client.Get(address)
		if err != nil {
			continue
		}
		response.Body.Close()
		if response.StatusCode == http.StatusFound {
			return
		}
	}
	t.Fatal("the gateway sends nobody to sign in")
}
