// Package browser tries the whole program as a learner meets it: the real
// server, a real sandbox, and a real browser without a window. It knows the
// pages only by what a learner sees and by the names that islands use.
//
// Its tests need Chromium or Chrome on the PATH and the built pages; where
// something is missing they say so and are skipped. CNALAB_REQUIRE=browser
// makes that a failure, for machines that must run them.
package browser
