# In exec form the first process is the program, in shell form it may be a shell.
# docker stop ends the one at once; the other it kills ten seconds later.
docker build -q -t order . 2> /dev/null
printf 'FROM order\nCMD /order; true\n' | docker build -q -t fact-shell - 2> /dev/null
docker run -d --name fact-exec order
docker run -d --name fact-shell fact-shell
[ "$(docker top fact-exec -o pid,args | sed -n 2p | awk '{print $2}')" = /order ]
docker top fact-shell -o pid,args | sed -n 2p | grep '/bin/sh -c'
begun=$(date +%s); docker stop fact-exec; [ $(($(date +%s) - begun)) -le 5 ]
[ "$(docker inspect -f '{{.State.ExitCode}}' fact-exec)" = 0 ]
begun=$(date +%s); docker stop fact-shell; [ $(($(date +%s) - begun)) -ge 9 ]
[ "$(docker inspect -f '{{.State.ExitCode}}' fact-shell)" = 137 ]
docker rm fact-exec fact-shell
docker rmi fact-shell
