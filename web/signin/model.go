// Package signin draws the page for a browser that has no key yet: it says
// that the address printed by the server lets it in. It never shows a
// key, and has no form to type one.
package signin

import "cnalab/web/page"

// Page tells a person without a key how to come in.
type Page struct {
	Shell page.Shell
	// Wrong is set where the browser brought a key that is not this server's:
	// it is from an earlier start.
	Wrong bool
	Host  string // where the browser has asked: "127.0.0.1:8080"
}
