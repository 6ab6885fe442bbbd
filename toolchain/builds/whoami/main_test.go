package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "whoami.example.com"
	r.Header.Set("X-Forwarded-Proto", "https")
	w := httptest.NewRecorder()
	routes("demo").ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s answers %d", path, w.Code)
	}
	return w
}

func TestPageShowsTheRequest(t *testing.T) {
	page := get(t, "/some/path").Body.String()
	for _, line := range []string{"Name: demo\n", "Hostname: ", "GET /some/path HTTP/1.1\n", "Host: whoami.example.com\n", "X-Forwarded-Proto: https\r\n"} {
		if !strings.Contains(page, line) {
			t.Errorf("no %q in:\n%s", line, page)
		}
	}
}

func TestAPIShowsTheRequest(t *testing.T) {
	var seen request
	if err := json.Unmarshal(get(t, "/api").Body.Bytes(), &seen); err != nil {
		t.Fatal(err)
	}
	if seen.Name != "demo" || seen.Host != "whoami.example.com" || seen.Headers.Get("X-Forwarded-Proto") != "https" {
		t.Errorf("unexpected answer %+v", seen)
	}
}

func TestEnvironmentStaysPrivate(t *testing.T) {
	t.Setenv("SOME_SECRET", "do-not-show")
	for _, path := range []string{"/?env=true", "/api?env=true"} {
		if body := get(t, path).Body.String(); strings.Contains(body, "do-not-show") {
			t.Errorf("%s shows the environment:\n%s", path, body)
		}
	}
}

func TestHealth(t *testing.T) {
	get(t, "/health")
}
