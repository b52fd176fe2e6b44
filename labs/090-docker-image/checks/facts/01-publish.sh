# Here -p 8080 publishes on 127.0.0.1, EXPOSE publishes nothing, and an address and a port can be named.
docker build -q -t order . 2> /dev/null
docker run -d --name fact-port -p 8080 order
docker run -d --name fact-expose order
port=$(docker port fact-port 8080)
docker port fact-port 8080 | grep '^127\.0\.0\.1:'
[ -z "$(docker port fact-expose)" ]
docker rm -f fact-port fact-expose
docker run -d --name fact-port -p "$port:8080" order
[ "$(docker port fact-port 8080)" = "$port" ]
docker rm -f fact-port
# Two images, one kernel.
[ "$(docker run --rm cnalab/base:12 uname -r)" = "$(docker run --rm cnalab/go:1.26 uname -r)" ]
