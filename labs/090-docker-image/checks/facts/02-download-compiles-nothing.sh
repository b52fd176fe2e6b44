# go mod download compiles nothing: the compiler's cache stays empty. A RUN that compiles a library fills it.
cat > /tmp/fact-compiled <<'EOF'
FROM cnalab/go:1.26
WORKDIR /fact
ENV GOCACHE=/cache
COPY go.mod go.sum ./
RUN go mod download
RUN [ -z "$(find /cache -name '*-d' 2>/dev/null)" ]
RUN go build cmp
RUN [ -n "$(find /cache -name '*-d')" ]
EOF
docker build -t fact-compiled -f /tmp/fact-compiled . 2>&1
docker rmi fact-compiled
# go build compiles order and no library: cnalab/go has those.
sed 's/go build -o/go build -v -o/' Dockerfile > /tmp/fact-compiled
docker build --no-cache -t fact-compiled -f /tmp/fact-compiled . > /tmp/fact-said 2>&1
grep 'shop/order' /tmp/fact-said
if grep 'github.com/' /tmp/fact-said; then exit 1; fi
docker rmi fact-compiled
rm /tmp/fact-compiled /tmp/fact-said
