docker build -t order .
mkdir -m 777 data
docker run -d --name order -p 8080 -v orders:/orders -v "$PWD/data:/data" order
