# In scratch a program trusts no certificate and knows no time zone; time/tzdata brings the zones, a copy the certificates.
dir=$(mktemp -d)
cat > "$dir/main.go" <<'EOF'
package main

import (
	"crypto/x509"
	"fmt"
	"time"
)

func main() {
	_, zone := time.LoadLocation("Asia/Seoul")
	roots, err := x509.SystemCertPool()
	fmt.Println("zone", zone == nil, "roots", err == nil && !roots.Equal(x509.NewCertPool()))
}
EOF
printf 'package main\n\nimport _ "time/tzdata"\n' > "$dir/zones.go.txt"
cat > "$dir/Dockerfile" <<'EOF'
FROM cnalab/go:1.26 AS build
WORKDIR /fact
COPY . .
RUN go build -o /bare main.go && cp zones.go.txt zones.go && go build -o /zones main.go zones.go
FROM scratch
COPY --from=build /bare /zones /
EOF
docker build -q -t fact-scratch "$dir" 2> /dev/null
docker run --rm fact-scratch /bare | grep 'zone false roots false'
docker run --rm fact-scratch /zones | grep 'zone true roots false'
docker rmi fact-scratch
rm -r "$dir"
