docker build -t order .
docker volume create orders
docker run -d --name order -p 8080 -v orders:/data order
