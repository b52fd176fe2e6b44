package main

import (
	"context"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"time"

	"shop/auth"
	"shop/service"
)

func main() {
	must := func(err error) {
		if err != nil {
			log.Fatal(err)
		}
	}
	orders, err := url.Parse(os.Getenv("SERVICE_ORDER"))
	must(err)
	signer, err := auth.NewSigner()
	must(err)
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(orders)
		p.Out.Header = http.Header{"Content-Type": p.In.Header["Content-Type"], "Accept": p.In.Header["Accept"]}
		p.Out.Header.Set("Authorization", "Bearer "+p.In.Context().Value(key{}).(string))
	}}
	v := auth.New(os.Getenv("SERVICE_IDENTITY"), "shop", "")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/jwks.json", func(w http.ResponseWriter, r *http.Request) {
		service.Answer(w, 200, signer.JWKS())
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		c, err := v.Request(r)
		if err != nil {
			w.Header().Set("WWW-Authenticate", `Bearer realm="shop", error="invalid_token"`)
			w.WriteHeader(401)
			return
		}
		t, err := signer.Sign(map[string]any{"iss": os.Getenv("SERVICE_GATEWAY"), "aud": []string{"order"}, "sub": c["sub"], "scope": c["scope"], "exp": time.Now().Add(59 * time.Second).Unix(), "nbf": time.Now().Unix()})
		if err != nil {
			w.WriteHeader(500)
			return
		}
		proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, t)))
	})
	service.Run(mux)
}

type key struct{}
