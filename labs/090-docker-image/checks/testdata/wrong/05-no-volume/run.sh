docker build -t order .
docker run -d --name order -p 8080 order
