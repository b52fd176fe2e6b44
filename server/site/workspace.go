package site

import (
	"cnalab/server/site/files"
)

// Workspace is the learner's files of one lab; package workspaces has the real
// one, which also keeps every path inside its folder, and tells the session of
// each change.
type Workspace interface {
	files.Workspace
	rewriter
	// Notices returns what was mended since the last call.
	Notices() []string
}

// Text is a file's text with the tag that a write must know.
type Text = files.Text
