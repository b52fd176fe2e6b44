docker build -t order .
docker run -d --name order -p 8080 --tmpfs /data:mode=1777 order
