//go:build libraries

package module

// What a learner may import has to be among the project's own requires, from
// which a workspace's go.mod is made. No build has this tag: the imports are for
// `go mod tidy`, which looks at all tags.
import (
	_ "github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/segmentio/kafka-go/snappy"
)
