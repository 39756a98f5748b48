package edge_test

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dataservice/gateway/edge"
	"dataservice/gateway/observe"
	"dataservice/gateway/tracing"
)

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	for _, secure := range []bool{false, true} {
		g := newGatewayWith(t, func(s *edge.Settings) { s.Secure = secure })
		for _, request := range [][2]string{
			{"GET", "/item/1"}, {"DELETE", "/item/1"}, {"GET", "/nothing"}, {"POST", "/item/1"}, {"OPTIONS", "/item/1"},
			{"GET", "/healthz"}, {"GET", "/readyz"}, {"GET", "/openapi.json"}, {"GET", "/item/%ff"}, {"GET", "/item/1?x=y"},
			{"GET", "/" + strings.Repeat("x", 9000)}, {"HEAD", "/item/1"},
		} {
			response := g.do(request[0], request[1], "")
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Server": "",
				"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
				"Strict-Transport-Security": map[bool]string{true: "max-age=31536000"}[secure],
			} {
				if got := strings.Join(response.Header.Values(name), "|"); got != want {
					t.Errorf("%s %.30s: %s: %q", request[0], request[1], name, got)
				}
			}
			if len(response.Header.Get("X-Request-Id")) != 32 {
				t.Errorf("%s %.30s: X-Request-Id %q", request[0], request[1], response.Header.Get("X-Request-Id"))
			}
		}
	}
}

func TestARequestIDGoesEverywhere(t *testing.T) {
	var text bytes.Buffer
	g := newGatewayWith(t, func(s *edge.Settings) {
		s.Observer = &observe.Observer{Tracer: &tracing.Tracer{}, Log: observe.NewLogger(&text), Sample: 1}
	})
	response := g.do("GET", "/item/1", "", "X-Request-Id", "mine-1")
	expectHeader(t, response, "X-Request-Id", "mine-1")
	if got := g.Last().Metadata.Get("x-request-id"); !slices.Equal(got, []string{"mine-1"}) {
		t.Errorf("metadata %q", got)
	}
	response = g.do("GET", "/item/1?x=y", "", "X-Request-Id", "mine-2")
	if body, _ := io.ReadAll(response.Body); !strings.Contains(string(body), `"requestId":"mine-2"`) {
		t.Errorf("%s", body)
	}
	response = g.do("GET", "/item/1", "", "X-Request-Id", "two words")
	made := response.Header.Get("X-Request-Id")
	if got := g.Last().Metadata.Get("x-request-id"); !slices.Equal(got, []string{made}) || len(made) != 32 {
		t.Errorf("X-Request-Id %q, metadata %q", made, got)
	}
	g.Close() // the lines of all requests are written
	for _, id := range []string{"mine-1", "mine-2", made} {
		if !strings.Contains(text.String(), `"request_id":"`+id+`","client":"127.0.0.1"`) {
			t.Errorf("%s is not in the access log: %s", id, &text)
		}
	}
}

func TestChallenges(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(nil, status.Error(codes.Unauthenticated, "Say who you are."))
	for authorization, want := range map[string]string{
		"":            `Bearer realm="testdepot"`,
		"Bearer x.y":  `Bearer realm="testdepot", error="invalid_token"`,
		"bearer x":    `Bearer realm="testdepot", error="invalid_token"`,
		"Basic dTpw":  `Bearer realm="testdepot"`,
		"Bearer":      `Bearer realm="testdepot"`,
		"Bearer \xff": `Bearer realm="testdepot"`, // the server does not receive it
	} {
		for _, target := range []string{"/item/1", "/item:export"} {
			response := g.do("GET", target, "", "Authorization", authorization)
			expectStatus(t, response, 401)
			expectHeader(t, response, "Www-Authenticate", want)
		}
	}
	g.AnswerWith(nil, status.Error(codes.PermissionDenied, "You may not."))
	response := g.do("GET", "/item/1", "", "Authorization", "Bearer x")
	expectStatus(t, response, 403)
	expectHeader(t, response, "Www-Authenticate", "")
	// The reason of the server does not decide the status.
	g.AnswerWith(nil, withDetails(status.New(codes.NotFound, "no"), &errdetails.ErrorInfo{Reason: "UNAUTHENTICATED"}))
	expectHeader(t, g.do("GET", "/item/1", ""), "Www-Authenticate", "")
}

func TestAuthorizationThatIsRequired(t *testing.T) {
	g := newGatewayWith(t, func(s *edge.Settings) { s.RequireAuthorization = true })
	response := g.do("GET", "/item/1?x=y", "")
	expectStatus(t, response, 401)
	expectHeader(t, response, "Www-Authenticate", `Bearer realm="testdepot"`)
	expectStatus(t, g.do("GET", "/item:export", ""), 401)
	g.expectUnasked()
	expectStatus(t, g.do("GET", "/item/1", "", "Authorization", "Bearer x"), 200)
	expectStatus(t, g.do("GET", "/healthz", ""), 200)
	expectStatus(t, g.do("OPTIONS", "/item/1", ""), 204)
	if got := g.security(); got != `[{"bearer":[]}]` {
		t.Error(got)
	}
	if got := newGateway(t).security(); got != `[{},{"bearer":[]}]` {
		t.Error(got)
	}
}

// security returns the security requirements in the OpenAPI document.
func (g *gateway) security() string {
	g.t.Helper()
	var document struct {
		OpenAPI  string
		Security any
		Paths    map[string]map[string]json.RawMessage
	}
	if err := json.NewDecoder(g.do("GET", "/openapi.json", "").Body).Decode(&document); err != nil || document.OpenAPI == "" {
		g.t.Fatal(err)
	}
	for path, item := range document.Paths {
		delete(item, "parameters")
		for verb, text := range item {
			var operation struct {
				Security  *[]any
				Responses map[string]any
			}
			if err := json.Unmarshal(text, &operation); err != nil {
				g.t.Fatal(err)
			}
			system := path == "/healthz" || path == "/readyz" || strings.HasPrefix(path, "/openapi")
			if (operation.Security != nil) != system {
				g.t.Errorf("%s %s: security %v", verb, path, operation.Security)
			}
			if !system && (operation.Responses["401"] == nil || operation.Responses["403"] == nil) {
				g.t.Errorf("%s %s has no 401 and 403", verb, path)
			}
		}
	}
	text, _ := json.Marshal(document.Security)
	return string(text)
}
