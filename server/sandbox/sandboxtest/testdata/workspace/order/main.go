// Command order is a service that does, on request, what a learner's service
// might do to the sandbox it runs in.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const greeting = "one"

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	slog.Info("order starts", "greeting", greeting)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, greeting) })
	http.HandleFunc("/env", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, os.Getenv(r.FormValue("name"))) })
	began := time.Now()
	http.HandleFunc("/run", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, os.Getpid(), began) })
	http.HandleFunc("/reach", reach)
	http.HandleFunc("/crash", func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("the last words of order")
		os.Exit(3)
	})
	http.HandleFunc("/fork", fork)
	http.HandleFunc("/eat", eat)
	http.HandleFunc("/print", shout)
	http.HandleFunc("/product", product)
	http.HandleFunc("/gateway", gateway)
	err := http.ListenAndServe(os.Getenv("ADDR"), nil)
	slog.Error("order ends", "err", err)
	os.Exit(1)
}

// reach connects to the address in a variable, which may be a URL.
func reach(w http.ResponseWriter, r *http.Request) {
	address := os.Getenv(r.FormValue("name"))
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		address = u.Host
	}
	conn, err := net.DialTimeout("tcp", address, 2*time.Second)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	conn.Close()
	fmt.Fprint(w, "reached")
}

// fork leaves a process that has made itself a daemon.
func fork(w http.ResponseWriter, r *http.Request) {
	out, err := exec.Command("sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!").Output()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprint(w, strings.TrimSpace(string(out)))
}

// eat takes memory without end.
func eat(w http.ResponseWriter, r *http.Request) {
	for hoard := [][]byte{}; ; time.Sleep(time.Millisecond) {
		piece := make([]byte, 32<<20)
		for i := 0; i < len(piece); i += 4096 {
			piece[i] = 1
		}
		hoard = append(hoard, piece)
	}
}

func shout(w http.ResponseWriter, r *http.Request) {
	lines, _ := strconv.Atoi(r.FormValue("lines"))
	for i := range lines {
		fmt.Println("line", i, strings.Repeat("x", 200))
	}
}

func product(w http.ResponseWriter, r *http.Request) {
	pass(w, http.DefaultClient, os.Getenv("SERVICE_PRODUCT"))
}

// gateway asks a service that serves TLS, and trusts the sandbox's authority.
func gateway(w http.ResponseWriter, r *http.Request) {
	authority, err := os.ReadFile(os.Getenv("TLS_CA_FILE"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true}
	pass(w, &http.Client{Transport: transport}, os.Getenv("SERVICE_GATEWAY"))
}

// pass answers what is answered at the URL.
func pass(w http.ResponseWriter, client *http.Client, url string) {
	answer, err := client.Get(url)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	io.Copy(w, answer.Body)
}
