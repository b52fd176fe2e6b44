// Package page draws what every page has in common: the document, its header
// with the language and theme switches, its landmarks, and the icons, folded
// lines and buttons that more than one of them uses. It knows nothing of what
// is on a page.
package page

import "github.com/a-h/templ"

// Shell is what a page needs besides its own content. The language is not
// part of it: it travels in the context, see package words.
type Shell struct {
	Title  string // of the browser's tab; the product's name is added
	Path   string // the page's own address, where a switch comes back to
	Theme  string // "light" or "dark" where the learner chose one, else "" for the system's
	Style  string // address of the built style sheet
	Script string // address of the built script
}

// Header is what a page puts in the header.
type Header struct {
	Kind        string          // a class for the whole document: "lab", "catalogue"
	Breadcrumbs []Breadcrumb    // the way from the catalogue to this page
	Skips       []Skip          // to the places of a page that has several; empty for one link to the text
	Tools       templ.Component // what stands before the switches; may be nil
}

// Skip is a link to a place of the page, for those who go there with the keyboard.
type Skip struct {
	URL   string // "#editor"
	Pane  string // what scripts know the place by
	Label string
}

// Breadcrumb is one page on the way from the catalogue to this page.
type Breadcrumb struct {
	Label string
	URL   string // empty for the page itself
}
