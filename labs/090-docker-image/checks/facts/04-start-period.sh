# In the start period failures do not count.
docker run -d --name fact-start --health-cmd false --health-interval 1s --health-retries 1 --health-start-period 6s cnalab/base:12 sleep 60
sleep 4
[ "$(docker inspect -f '{{.State.Health.Status}}' fact-start)" = starting ]
until [ "$(docker inspect -f '{{.State.Health.Status}}' fact-start)" = unhealthy ]; do sleep 0.2; done
docker rm -f fact-start
