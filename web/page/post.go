package page

import "github.com/a-h/templ"

// Post makes a form post to the address: as a whole page where scripts do not
// run, else in place, where each piece of the answer replaces the piece of
// the page that has its id.
func Post(url string) templ.Attributes {
	return templ.Attributes{"method": "post", "action": url, "hx-post": url}
}

// Piece are the attributes of a component that the server can send again.
func Piece(id string) templ.Attributes {
	return templ.Attributes{"id": id, "hx-swap-oob": "outerMorph"}
}

// htmxConfig keeps htmx within the page's content security policy, and the
// pieces that a learner unfolded unfolded.
const htmxConfig = `{"includeIndicatorCSS":false,"history":false,"defaultSwap":"none","defaultTimeout":300000,"morphIgnore":["data-htmx-powered","open"]}`
