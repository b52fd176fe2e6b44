mkdir bin
CGO_ENABLED=0 GOOS=linux go build -o bin/order ./order
docker run -d --name order -p 8080 -v orders:/data -v "$PWD:/src" -w /src/bin cnalab/base:12 sh -c ./order
