docker build -t order .
docker run -d --name order -v orders:/data order
