docker build -t order .
docker volume create orders
docker run -d --name order -p 8080 -v orders:/data order
# Another version goes into the container that runs; the image and the code stay as they are.
cp order/main.go main.kept
sed -i 's/^const version = .*/const version = "order with a hot fix"/' order/main.go
docker build -t hotfix .
mv main.kept order/main.go
docker create --name hotfix hotfix
docker cp hotfix:/order hotfix.program
docker rm hotfix
docker rmi hotfix
docker stop -t 5 order
docker cp hotfix.program order:/order
rm hotfix.program
docker start order
