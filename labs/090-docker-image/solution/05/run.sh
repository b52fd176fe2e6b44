docker build -t order .
docker volume create orders
docker run -d --name order -p 8080 -v orders:/data order
curl -s --retry 9 --retry-delay 1 --retry-all-errors -d '{"sku": "lamp", "quantity": 2}' $(docker port order 8080)/orders
