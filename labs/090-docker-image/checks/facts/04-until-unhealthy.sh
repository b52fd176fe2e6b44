# Docker says unhealthy after retries × (interval + timeout): a check that hangs takes its timeout each time.
docker run -d --name fact-hung --health-cmd 'sleep 60' --health-interval 1s --health-timeout 2s --health-retries 3 cnalab/base:12 sleep 60
begun=$(date +%s%N)
until [ "$(docker inspect -f '{{.State.Health.Status}}' fact-hung)" = unhealthy ]; do sleep 0.1; done
took=$((($(date +%s%N) - begun) / 1000000))
docker rm -f fact-hung
echo "$took ms"
[ $took -gt 8000 ]
[ $took -lt 20000 ]
