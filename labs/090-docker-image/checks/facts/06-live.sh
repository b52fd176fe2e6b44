# Without its database order is not ready, but alive, and its health check calls it healthy.
at=$(docker port order 8080)
curl -s --retry 20 --retry-delay 1 --retry-all-errors --fail "$at/health"
docker stop db
[ "$(curl -s -o /dev/null -w '%{http_code}' "$at/health")" = 503 ]
[ "$(curl -s -o /dev/null -w '%{http_code}' "$at/live")" = 200 ]
docker exec order /order health
docker start db
until curl -s --fail "$at/health"; do sleep 0.2; done
# Four that start together on an empty database all make its table, and none fails.
docker exec db psql -U postgres -c 'CREATE DATABASE fact OWNER shop'
for n in 1 2 3 4; do docker run -d --name "fact-$n" -p 8080 --network shop -e DATABASE=postgres://shop:lamp@db/fact order; done
asked=
for n in 1 2 3 4; do
	curl -s --retry 20 --retry-delay 1 --retry-all-errors --fail "$(docker port fact-$n 8080)/health" &
	asked="$asked $!"
done
for one in $asked; do wait "$one"; done
for n in 1 2 3 4; do [ -z "$(docker logs "fact-$n" 2>&1 | grep -i 'duplicate key')" ]; done
docker rm -f fact-1 fact-2 fact-3 fact-4
docker exec db psql -U postgres -c 'DROP DATABASE fact'
