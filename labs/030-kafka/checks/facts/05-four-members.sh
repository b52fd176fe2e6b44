# Of four members on three partitions, one has nothing to do.
set -eu
dir=$(mktemp -d)
go run ./topics -topic fact-four
go build -o "$dir/consume" ./consume
pids=
for n in 1 2 3 4; do
	"$dir/consume" -topic fact-four -group fact-four > "$dir/member-$n" 2> /dev/null &
	pids="$pids $!"
done
sleep 5
seq 60 | sed 's/.*/{"id":"e-&","order":"order-&","kind":"placed"}/' | go run ./produce -topic fact-four > /dev/null
sleep 3
kill $pids
idle=0
for n in 1 2 3 4; do
	count=$(grep -c handled "$dir/member-$n" || true)
	echo "member $n handled $count"
	if [ "$count" = 0 ]; then idle=$((idle + 1)); fi
done
test "$idle" = 1
