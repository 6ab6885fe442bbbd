// Command whoami stands in for traefik/whoami 1.11.0 where neither its image nor its Go module can be had: it tells a
// caller who answered and what the request looked like when it arrived. It has the parts that a demonstration needs (the
// page, /api, /health, -port, -name and their environment variables, -cert and -key for TLS) and, unlike the original, never shows its environment.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

type request struct {
	Name       string      `json:"name,omitempty"`
	Hostname   string      `json:"hostname,omitempty"`
	IP         []string    `json:"ip,omitempty"`
	RemoteAddr string      `json:"remoteAddr,omitempty"`
	Method     string      `json:"method,omitempty"`
	Host       string      `json:"host,omitempty"`
	URL        string      `json:"url,omitempty"`
	Headers    http.Header `json:"headers,omitempty"`
}

func main() {
	port := flag.String("port", envOr("WHOAMI_PORT_NUMBER", "80"), "port to listen on")
	name := flag.String("name", os.Getenv("WHOAMI_NAME"), "name to answer with")
	cert := flag.String("cert", "", "file with the certificate to answer over TLS with")
	key := flag.String("key", "", "file with its private key")
	flag.Parse()

	server := &http.Server{
		Addr:              net.JoinHostPort("", *port),
		Handler:           routes(*name),
		ReadHeaderTimeout: 10 * time.Second,
	}
	if *cert != "" && *key != "" {
		log.Printf("Starting up with TLS on port %s", *port)
		log.Fatal(server.ListenAndServeTLS(*cert, *key))
	}
	log.Printf("Starting up on port %s", *port)
	log.Fatal(server.ListenAndServe())
}

func routes(name string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/api", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(describe(name, r))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		seen := describe(name, r)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if seen.Name != "" {
			fmt.Fprintln(w, "Name:", seen.Name)
		}
		fmt.Fprintln(w, "Hostname:", seen.Hostname)
		for _, ip := range seen.IP {
			fmt.Fprintln(w, "IP:", ip)
		}
		fmt.Fprintln(w, "RemoteAddr:", seen.RemoteAddr)
		fmt.Fprintf(w, "%s %s %s\nHost: %s\n", seen.Method, seen.URL, r.Proto, seen.Host)
		_ = seen.Headers.Write(w)
	})
	return mux
}

func describe(name string, r *http.Request) request {
	hostname, _ := os.Hostname()
	return request{
		Name:       name,
		Hostname:   hostname,
		IP:         addresses(),
		RemoteAddr: r.RemoteAddr,
		Method:     r.Method,
		Host:       r.Host,
		URL:        r.URL.RequestURI(),
		Headers:    r.Header,
	}
}

func addresses() []string {
	found, _ := net.InterfaceAddrs()
	ips := []string{}
	for _, address := range found {
		if network, ok := address.(*net.IPNet); ok {
			ips = append(ips, network.IP.String())
		}
	}
	return ips
}

func envOr(key, fallback string) string {
	if value := os.Getenv(key); value != "" {
		return value
	}
	return fallback
}
