docker build -t order .
docker run -d --name order -p 8080 --restart unless-stopped --mount type=volume,source=orders,target=/data order
