# Order answers the requests that it has when docker stop sends SIGTERM.
docker build -q -t order . 2> /dev/null
docker run -d --name fact-stop -p 8080 order
at=$(docker port fact-stop 8080)
curl -s --retry 20 --retry-delay 1 --retry-all-errors "$at/live"
(printf '{"sku": "slow", '; sleep 2; printf '"quantity": 2}') |
	curl -s -o /dev/null -w '%{http_code}\n' -X POST -H 'Content-Type: application/json' -T - "$at/orders" > /tmp/fact-stop &
sleep 1
docker stop fact-stop
wait "$!"
grep 201 /tmp/fact-stop
[ "$(docker inspect -f '{{.State.ExitCode}}' fact-stop)" = 0 ]
docker rm fact-stop
rm /tmp/fact-stop
