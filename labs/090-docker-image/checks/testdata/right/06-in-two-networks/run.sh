docker network create shop
docker run -d --name db --mount type=volume,src=pg,dst=/var/lib/postgresql/data --network shop --restart on-failure cnalab/postgres:15
until docker exec db psql -U postgres -c 'SELECT 1' 2>&1; do sleep 0.2; done
docker exec db psql -U postgres -c "CREATE USER shop PASSWORD 'lamp'" -c "CREATE DATABASE shop" -c "ALTER DATABASE shop OWNER TO shop"
docker rm -f order
docker create --name order -p 8080 -v orders:/data -e 'DATABASE=postgresql://shop:lamp@db:5432/shop?sslmode=disable&pool_max_conns=4' order
docker network connect shop order
docker start order
