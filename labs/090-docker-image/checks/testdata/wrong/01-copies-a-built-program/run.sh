CGO_ENABLED=0 GOOS=linux go build -o order.bin ./order
