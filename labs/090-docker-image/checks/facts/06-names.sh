# A user-defined network knows containers by name, the default bridge does not. The sandbox's Postgres runs without fsync.
docker run --rm --network shop cnalab/base:12 nslookup db | grep -i address
if docker run --rm cnalab/base:12 nslookup db; then exit 1; fi
[ "$(docker exec db psql -U postgres -Atc 'SHOW fsync')" = off ]
