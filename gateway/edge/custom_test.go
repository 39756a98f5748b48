package edge_test

import (
	"testing"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

// A custom method whose name begins like that of a standard method is not one: the
// engine describes it as custom.
func TestCustomMethodsWithStandardPrefixes(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.ListEventsResponse{Events: []*depot.Event{{Text: "moved"}}, Etag: "e1"}, nil)
	g.expectBody("/item/1/event", `{"events":[{"text":"moved"}],"etag":"e1"}`)
	g.expectRequest(&depot.ListEventsRequest{ItemId: "1"})
	expectStatus(t, g.do("GET", "/item/1/event", "", "If-None-Match", `"e1"`), 304)
	g.Last()

	g.AnswerWith(&depot.Report{ItemId: "1"}, nil)
	response := g.do("POST", "/item/1/report", `{"text":"broken"}`)
	expectStatus(t, response, 200)
	expectHeader(t, response, "Location", "")
	g.expectRequest(&depot.CreateReportRequest{Report: &depot.Report{ItemId: "1", Text: "broken"}})
	// The path of a creation names the parent, and replaces what the body has.
	expectStatus(t, g.do("POST", "/item/1/part", `{"itemId":"2"}`), 200)
	g.Last()
	expectStatus(t, g.do("POST", "/item/1/report", `{"itemId":"2"}`), 400)
	g.expectUnasked()
}
