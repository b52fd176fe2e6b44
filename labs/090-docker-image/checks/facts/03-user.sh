# Without USER a process is root. What COPY brings is root's, unless --chown says otherwise.
[ "$(docker run --rm cnalab/base:12 id -u)" = 0 ]
docker build -q -t order . 2> /dev/null
docker create --name fact-user order
docker cp fact-user:/order - | tar -tvn --numeric-owner | grep ' 0/0 '
docker cp fact-user:/data - | tar -tvn --numeric-owner | grep ' 10001/10001 '
docker rm fact-user
if docker run --rm --entrypoint sh order -c true; then exit 1; fi
