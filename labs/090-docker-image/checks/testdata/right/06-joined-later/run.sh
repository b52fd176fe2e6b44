docker network create shop
docker run -d --name db -v notes:/notes -v db:/var/lib/postgresql/data cnalab/postgres:15
docker network connect shop db
until docker exec db psql -U postgres -c 'SELECT 1' 2>&1; do sleep 0.2; done
docker exec db psql -U postgres -c "CREATE ROLE shop LOGIN PASSWORD 'lamp'" -c "CREATE DATABASE shop OWNER shop"
docker rm -f order
docker run -d --name order -p 8080 -v orders:/data -e DATABASE=postgres://shop:lamp@db:5432/shop order
docker network connect shop order
