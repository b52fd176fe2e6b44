// Package problem draws a problem that a person can act on: what happened,
// what is still safe, what to do. It knows nothing of causes.
package problem

import "cnalab/web/page"

// Page is a whole page that says what went wrong.
type Page struct {
	Shell   page.Shell
	Status  int // the HTTP status, shown small
	Problem Problem
}

// Problem is what happened, in one sentence, and what to do next.
type Problem struct {
	Say    string
	Next   string
	Detail string // lines worth showing below: the compiler's, a log's
	Back   Link   // where to go from here; the catalogue where it is empty
}

// Link is a way on.
type Link struct {
	Label string
	URL   string
}
