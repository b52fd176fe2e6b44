docker network create shop
docker run -d --name db --network shop -v db:/var/lib/postgresql/data cnalab/postgres:15
until docker exec db psql -U postgres -c 'SELECT 1' 2>&1; do sleep 0.2; done
docker exec db psql -U postgres -c "ALTER ROLE postgres PASSWORD 'lamp'" -c "CREATE DATABASE shop"
docker rm -f order
docker run -d --name order -p 8080 -v orders:/data --network shop -e DATABASE=postgres://postgres:lamp@db/shop order
