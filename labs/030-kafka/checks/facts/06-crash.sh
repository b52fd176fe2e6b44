# With the commit after the work, an event whose work a crash cut off is handled
# after the restart.
set -eu
dir=$(mktemp -d)
go run ./topics -topic fact-crash
go build -o "$dir/consume" ./consume
echo '{"id":"e-1","order":"order-1","kind":"placed"}' | go run ./produce -topic fact-crash
"$dir/consume" -topic fact-crash -group fact-crash -work 9s > "$dir/first" 2> /dev/null &
sleep 3
kill -9 $!
test ! -s "$dir/first"
"$dir/consume" -topic fact-crash -group fact-crash > "$dir/second" 2> /dev/null &
sleep 6
kill $!
cat "$dir/second"
grep -q '"handled":"e-1"' "$dir/second"
