package edge_test

import (
	"net/http"
	"testing"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func TestUnknownPaths(t *testing.T) {
	g := newGateway(t)
	for _, path := range []string{
		"/", "/nothing", "/items", "/item/", "/item//", "//item", "/item/1/2", "/item/1/part/", "/Item", "/item:nothing",
		"/item/1/part/2", "/shelf", "/shelf/", "/depot.v1.ItemService/ListItems", "/healthz/", "/item/../item", "/item;x",
	} {
		for _, verb := range []string{"GET", "PUT", "DELETE", "OPTIONS"} {
			body := ""
			if verb == "PUT" {
				body = "{}"
			}
			if response := g.do(verb, path, body); response.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %d", verb, path, response.StatusCode)
			}
		}
	}
	g.golden("errors/unknown_path", "GET", "/nothing?x=1", "")
	g.expectUnasked()
}

// Escapes of characters that need none mean the same (RFC 3986, 6.2.2.2).
func TestEscapesOfUnreservedCharacters(t *testing.T) {
	g := newGateway(t)
	for path, id := range map[string]string{
		"/%69tem/1":                "1",
		"/%69%74%65%6D/%31":        "1",
		"/item/%7ea%2db%5Fc":       "~a-b_c",
		"/it%65m/a%2Fb%62":         "a/bb",
		"/item/%2e":                ".",
		"/item/.":                  ".",
		"/%69tem/%41%3Fb%3a%C3%BC": "A?b:ü",
	} {
		expectStatus(t, g.do("GET", path, ""), 200)
		g.expectRequest(&depot.GetItemRequest{Id: id})
	}
	g.AnswerWith(&depot.ListItemsResponse{}, nil)
	expectStatus(t, g.do("GET", "/%69tem", ""), 200)
	g.expectRequest(&depot.ListItemsRequest{})
	expectStatus(t, g.do("GET", "/item%3abatchGet?ids=1", ""), 404) // a colon is reserved
	g.AnswerWith(&depot.CountItemsResponse{}, nil)
	expectStatus(t, g.do("POST", "/%69tem:%63ount", "{}"), 200)
	response := g.do("DELETE", "/%69tem", "")
	expectStatus(t, response, http.StatusMethodNotAllowed)
}

func TestMethodsOfKnownPaths(t *testing.T) {
	g := newGateway(t)
	for path, allow := range map[string]string{
		"/item":             "GET, HEAD, OPTIONS, POST, PUT",
		"/item/1":           "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
		"/item/a%2Fb":       "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
		"/item:count":       "OPTIONS, POST",
		"/item/1/part":      "OPTIONS, POST",
		"/shelf/1":          "GET, HEAD, OPTIONS",
		"/row/a/b/shelf/1":  "GET, HEAD, OPTIONS",
		"/healthz":          "GET, HEAD, OPTIONS",
		"/readyz":           "GET, HEAD, OPTIONS",
		"/openapi.json":     "GET, HEAD, OPTIONS",
		"/item/1?nonsense=": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
	} {
		options := g.do("OPTIONS", path, "")
		expectStatus(t, options, http.StatusNoContent)
		expectHeader(t, options, "Allow", allow)
		for _, verb := range []string{"TRACE", "COPY", "get"} {
			response := g.do(verb, path, "")
			expectStatus(t, response, http.StatusMethodNotAllowed)
			expectHeader(t, response, "Allow", allow)
		}
	}
	g.golden("errors/method_not_allowed", "DELETE", "/item", "")
	g.expectUnasked()
}

func TestMethodsAreNotOverridden(t *testing.T) {
	g := newGateway(t)
	response := g.do("POST", "/item/1", "x=1", "X-HTTP-Method-Override", "DELETE", "Content-Type", "",
		"Content-Type", "application/x-www-form-urlencoded")
	expectStatus(t, response, http.StatusMethodNotAllowed)
	response = g.do("POST", "/item/1", "id=1", "Content-Type", "", "Content-Type", "application/x-www-form-urlencoded")
	expectStatus(t, response, http.StatusMethodNotAllowed)
	g.expectUnasked()
}

func TestEscapedPaths(t *testing.T) {
	g := newGateway(t)
	for path, id := range map[string]string{
		"/item/a%20b":       "a b",
		"/item/a+b":         "a+b",
		"/item/a:b":         "a:b",
		"/item/%2525":       "%25",
		"/item/%2e%2e":      "..",
		"/item/%E2%82%AC":   "€",
		"/item/a%2fb%2Fc":   "a/b/c",
		"/item/a%3Fb%23c":   "a?b#c",
		"/item/%27;DROP--":  "';DROP--",
		"/item/..%5C..%5Cx": `..\..\x`,
	} {
		expectStatus(t, g.do("GET", path, ""), 200)
		g.expectRequest(&depot.GetItemRequest{Id: id})
	}
	for _, path := range []string{"/item/%ff", "/item/a%00b", "/%c0%af"} {
		expectStatus(t, g.do("GET", path, ""), 400)
	}
	g.golden("errors/path_not_utf8", "GET", "/item/%ff", "")
	g.expectUnasked()
}
