package edge_test

import (
	"strings"
	"testing"

	"dataservice/gateway/edge"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func TestLinkToTheNextPage(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.ListItemsResponse{NextPageToken: new("a+b=")}, nil)
	for target, want := range map[string]string{
		"/item":                                `</item?pageToken=a%2Bb%3D>; rel="next"`,
		"/item?pageSize=2&pageToken=old":       `</item?pageSize=2&pageToken=a%2Bb%3D>; rel="next"`,
		"/item?page_token=old&displayName=%3E": `</item?displayName=%3E&pageToken=a%2Bb%3D>; rel="next"`,
	} {
		expectHeader(t, g.do("GET", target, ""), "Link", want)
	}
	g.AnswerWith(&depot.ListItemsResponse{}, nil)
	expectHeader(t, g.do("GET", "/item", ""), "Link", "")
}

// Clients see the gateway below a path, which requests can have.
func TestBasePath(t *testing.T) {
	g := newGatewayWith(t, func(s *edge.Settings) { s.BasePath = "/prod/v1" })
	for _, base := range []string{"", "/prod/v1"} {
		g.AnswerCreated(&depot.Item{Id: "a/b"})
		expectHeader(t, g.do("POST", base+"/item", `{"displayName":"x"}`), "Location", "/prod/v1/item/a%2Fb")
		g.AnswerWith(&depot.Item{Id: "a/b"}, nil)
		expectStatus(t, g.do("GET", base+"/item/a%2Fb", ""), 200)
		if last := g.Last(); last.Request.(*depot.GetItemRequest).GetId() != "a/b" {
			t.Errorf("%v", last.Request)
		}
		g.AnswerWith(&depot.ListItemsResponse{NextPageToken: new("t")}, nil)
		expectHeader(t, g.do("GET", base+"/item", ""), "Link", `</prod/v1/item?pageToken=t>; rel="next"`)
		expectStatus(t, g.do("GET", base+"/healthz", ""), 200)
	}
	for _, target := range []string{"/prod/v1", "/prod/v1item", "/prod/v1/", "/prod/v1/prod/v1/item"} {
		expectStatus(t, g.do("GET", target, ""), 404)
	}
	text := body(t, g.do("GET", "/prod/v1/openapi.json", ""))
	if want := `"url": "/prod/v1"`; !strings.Contains(text, want) {
		t.Errorf("the document has no %s", want)
	}
}
