# A new volume is filled with what the image has in the folder, and keeps its owner. A named one stays when its container goes.
docker build -q -t order . 2> /dev/null
docker run -d --name fact-volume -v fact:/data order
docker rm -f fact-volume
[ "$(docker run --rm -v fact:/data cnalab/base:12 stat -c %u /data)" = 10001 ]
# A half-written last line is no reason not to start; the whole lines are kept.
docker run --rm -v fact:/data cnalab/base:12 sh -c 'printf "{\"id\":\"a\",\"sku\":\"lamp\",\"quantity\":1}\n{\"id\":\"b\",\"sk" > /data/orders'
docker run -d --name fact-volume -p 8080 -v fact:/data order
curl -s --retry 20 --retry-delay 1 --retry-all-errors "$(docker port fact-volume 8080)/orders/a" | grep lamp
[ "$(curl -s -o /dev/null -w '%{http_code}' "$(docker port fact-volume 8080)/orders/b")" = 404 ]
docker rm -f fact-volume
docker volume rm fact
