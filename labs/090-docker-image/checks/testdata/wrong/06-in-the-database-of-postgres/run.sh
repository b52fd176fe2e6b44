docker network create shop
docker run -d --name db --network shop -v db:/var/lib/postgresql/data cnalab/postgres:15
until docker exec db psql -U postgres -c 'SELECT 1' 2>&1; do sleep 0.2; done
docker exec db psql -U postgres -c "CREATE ROLE shop LOGIN PASSWORD 'lamp'" -c "GRANT ALL ON SCHEMA public TO shop"
docker rm -f order
docker run -d --name order -p 8080 -v orders:/data --network shop -e DATABASE=postgres://shop:lamp@db/postgres order
