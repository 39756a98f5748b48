package edge_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dataservice/gateway/edge"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/gen/testdepot/contract"
)

func TestReference(t *testing.T) {
	g := newGatewayWith(t, func(s *edge.Settings) { s.Reference = true })
	for path, contentType := range map[string]string{
		"/docs": "text/html; charset=utf-8", "/docs/reference.js": "text/javascript; charset=utf-8",
		"/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8", "/docs/swagger-ui.css": "text/css; charset=utf-8",
		"/docs/swagger-ui-license.txt": "text/plain; charset=utf-8",
	} {
		response := g.do("GET", path, "")
		expectStatus(t, response, 200)
		expectHeader(t, response, "Content-Type", contentType)
		if policy := response.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; style-src 'self'; ") {
			t.Error(policy)
		}
	}
	response := g.do("POST", "/docs", "{}")
	expectStatus(t, response, 405)
	expectHeader(t, response, "Allow", "GET, HEAD, OPTIONS")
	expectStatus(t, g.do("GET", "/docs/reference.go", ""), 404)
	expectStatus(t, newGateway(t).do("GET", "/docs", ""), 404)
}

// The table of errors has each reason that REST can answer with.
func TestReferenceHasAllReasons(t *testing.T) {
	g := newGatewayWith(t, func(s *edge.Settings) { s.Reference = true })
	body, err := io.ReadAll(g.do("GET", "/docs/errors.json", "").Body)
	if err != nil {
		t.Fatal(err)
	}
	var entries []struct {
		Reason, Description, Retry string
		Statuses                   []int
		Codes                      []string
	}
	if err := json.Unmarshal(body, &entries); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, entry := range entries {
		found[entry.Reason] = true
		if entry.Description == "" || entry.Retry == "" || len(entry.Codes) != len(entry.Statuses) {
			t.Errorf("%+v", entry)
		}
	}
	for number, name := range engine.ErrorReason_name {
		grpcOnly := name == engine.ErrorReason_CERTIFICATE_NAMES_NOBODY.String()
		if number != 0 && !grpcOnly && !found[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

// pageOf returns the answer of a contract with a page.
func pageOf(t *testing.T, path string, shown bool) *http.Response {
	t.Helper()
	return pageAt(t, path, edge.Settings{Page: shown})
}

// pageAt is pageOf with other settings.
func pageAt(t *testing.T, path string, settings edge.Settings) *http.Response {
	t.Helper()
	c := contract.Contract()
	c.Page = fstest.MapFS{"page/index.html": {Data: []byte("<!doctype html>")}, "page/app.js": {Data: []byte("1")}}
	settings.RequestTimeout, settings.Log = time.Second, slog.New(slog.DiscardHandler)
	e, err := edge.New(c, settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequest("GET", path, nil))
	return recorder.Result()
}

func TestPageOfTheContract(t *testing.T) {
	response := pageOf(t, "/", true)
	expectStatus(t, response, 200)
	expectHeader(t, response, "Content-Type", "text/html; charset=utf-8")
	if policy := response.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "; require-trusted-types-for 'script'; trusted-types 'none'") {
		t.Error(policy)
	}
	expectStatus(t, pageOf(t, "/page/app.js", true), 200)
	expectStatus(t, pageOf(t, "/page/other.js", true), 404)
	expectStatus(t, pageOf(t, "/", false), 404)
	// A contract without a page.
	expectStatus(t, newGatewayWith(t, func(s *edge.Settings) { s.Page = true }).do("GET", "/", ""), 404)
}

// The page refers to its files by relative URLs, so that its address must end with a slash.
func TestPageBelowABasePath(t *testing.T) {
	below := edge.Settings{Page: true, BasePath: "/shop/v1"}
	for path, location := range map[string]string{
		"/shop/v1": "/shop/v1/", "/shop/v1?search=a%26b": "/shop/v1/?search=a%26b",
	} {
		response := pageAt(t, path, below)
		expectStatus(t, response, 308)
		expectHeader(t, response, "Location", location)
	}
	expectStatus(t, pageAt(t, "/shop/v1/", below), 200)
	expectStatus(t, pageAt(t, "/shop/v1/page/app.js", below), 200)
	expectStatus(t, pageAt(t, "/shop/v12", below), 404)
}
