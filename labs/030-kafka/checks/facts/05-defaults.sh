# kafka-go's session timeout is 30 s, and its heartbeat 3 s, by default.
set -eu
group=$(go list -f '{{.Dir}}' github.com/segmentio/kafka-go)/consumergroup.go
grep -E 'defaultSessionTimeout += 30 \* time.Second' "$group"
grep -E 'defaultHeartbeatInterval += 3 \* time.Second' "$group"
