// Package browser tries the scripts and styles in a real browser without a
// window, against a server that makes its files up: what happens when two
// tabs change one file, when the server goes away, when scripts are off, and
// whether axe finds anything serious in any page, theme, width or language.
// It knows nothing of real labs.
//
// Its tests need Chromium or Chrome on the PATH and the built pages; where
// something is missing they say so and are skipped. CNALAB_REQUIRE=browser
// makes that a failure, for machines that must run them.
package browser
