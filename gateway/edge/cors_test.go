package edge_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"dataservice/gateway/edge"
)

const page = "https://app.example.com"

func allowing(origins ...string) func(*edge.Settings) {
	return func(s *edge.Settings) { s.CORS = edge.CORS{Origins: origins, MaxAge: time.Minute} }
}

func (g *gateway) preflight(origin, verb, target string) *http.Response {
	g.t.Helper()
	return g.do("OPTIONS", target, "", "Origin", origin, "Access-Control-Request-Method", verb,
		"Access-Control-Request-Headers", "authorization,if-match")
}

// corsHeaders returns the names of the headers of CORS in a response.
func corsHeaders(response *http.Response) (names []string) {
	for name := range response.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			names = append(names, name)
		}
	}
	return names
}

func TestCORSIsOffByDefault(t *testing.T) {
	g := newGateway(t)
	for _, response := range []*http.Response{
		g.do("GET", "/item/1", "", "Origin", page), g.preflight(page, "GET", "/item/1"), g.preflight("null", "GET", "/item/1"),
	} {
		if names := corsHeaders(response); names != nil || response.Header["Vary"] != nil {
			t.Error(names, response.Header["Vary"])
		}
	}
}

func TestPreflightOfAnAllowedOrigin(t *testing.T) {
	g := newGatewayWith(t, allowing("https://other.example.com", page))
	response := g.preflight(page, "PATCH", "/item/1")
	expectStatus(t, response, http.StatusNoContent)
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin":      page,
		"Access-Control-Allow-Credentials": "",
		"Access-Control-Allow-Methods":     "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
		"Access-Control-Max-Age":           "60",
		"Vary":                             "Origin",
	} {
		expectHeader(t, response, name, want)
	}
	for _, name := range []string{
		"Authorization", "Content-Type", "Grpc-Timeout", "Idempotency-Key", "If-Match", "If-None-Match", "Prefer", "Traceparent", "X-Request-Id",
	} {
		if !strings.Contains(response.Header.Get("Access-Control-Allow-Headers"), name) {
			t.Errorf("%s is missing", name)
		}
	}
	expectHeader(t, g.preflight(page, "GET", "/item"), "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS, POST, PUT")
	expectHeader(t, g.preflight(page, "GET", "/openapi.json"), "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	expectStatus(t, g.preflight(page, "GET", "/nothing"), http.StatusNotFound)
	g.expectUnasked()
}

func TestAnswersThatAnAllowedOriginMayRead(t *testing.T) {
	g := newGatewayWith(t, allowing(page))
	for target, want := range map[string]int{"/item/1": 200, "/item/1?x=y": 400, "/nothing": 404} {
		response := g.do("GET", target, "", "Origin", page)
		expectStatus(t, response, want)
		expectHeader(t, response, "Access-Control-Allow-Origin", page)
		expectHeader(t, response, "Access-Control-Expose-Headers", "Consistency-Token, ETag, Link, Location, Preference-Applied, Retry-After, WWW-Authenticate, X-Request-Id")
		expectHeader(t, response, "Access-Control-Allow-Credentials", "")
		expectHeader(t, response, "Vary", "Origin")
	}
	// OPTIONS without the header of a preflight request is not one.
	response := g.do("OPTIONS", "/item/1", "", "Origin", page)
	expectHeader(t, response, "Access-Control-Allow-Methods", "")
}

func TestOtherOriginsMayReadNothing(t *testing.T) {
	g := newGatewayWith(t, allowing(page))
	for _, origin := range []string{
		"https://evil.example.com", "http://app.example.com", page + ":8443", page + ".evil.com", "https://APP.example.com",
		"null", "*", page + "/", page + ", " + page, " ", "https://x" + page,
	} {
		for _, response := range []*http.Response{g.do("GET", "/item/1", "", "Origin", origin), g.preflight(origin, "PUT", "/item/1")} {
			if names := corsHeaders(response); names != nil {
				t.Errorf("%q: %v", origin, names)
			}
			expectHeader(t, response, "Vary", "Origin") // else a cache gives it to an allowed one
		}
	}
	response := g.do("GET", "/item/1", "", "Origin", page, "Origin", page)
	if names := corsHeaders(response); names != nil {
		t.Errorf("two origins: %v", names)
	}
	expectHeader(t, g.do("GET", "/item/1", ""), "Vary", "Origin")
}

func TestCredentialsAndAnyOrigin(t *testing.T) {
	g := newGatewayWith(t, func(s *edge.Settings) { s.CORS = edge.CORS{Origins: []string{page}, Credentials: true} })
	expectHeader(t, g.do("GET", "/item/1", "", "Origin", page), "Access-Control-Allow-Credentials", "true")
	expectHeader(t, g.preflight(page, "PUT", "/item/1"), "Access-Control-Allow-Credentials", "true")
	g = newGatewayWith(t, allowing(edge.AnyOrigin))
	response := g.preflight("https://anybody.example.com", "PUT", "/item/1")
	expectHeader(t, response, "Access-Control-Allow-Origin", "*")
	expectHeader(t, response, "Vary", "")
	if names := corsHeaders(g.do("GET", "/item/1", "")); names != nil {
		t.Errorf("without Origin: %v", names)
	}
}

// A preflight request has no Authorization.
func TestPreflightNeedsNoToken(t *testing.T) {
	g := newGatewayWith(t, func(s *edge.Settings) {
		s.CORS, s.RequireAuthorization = edge.CORS{Origins: []string{page}}, true
	})
	expectStatus(t, g.preflight(page, "PUT", "/item/1"), 204)
	response := g.do("GET", "/item/1", "", "Origin", page)
	expectStatus(t, response, 401)
	expectHeader(t, response, "Access-Control-Allow-Origin", page)
}
