// Package shared holds the tables of the one database that both services use.
package shared

import _ "embed"

// Schema creates the tables, with what the shop has sold so far.
//
//go:embed schema.sql
var Schema string
