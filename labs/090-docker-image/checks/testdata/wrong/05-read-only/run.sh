docker build -t order .
docker run -d --name order -p 8080 -v orders:/data:ro order
