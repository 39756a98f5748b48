package edge_test

import (
	"io"
	"testing"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func TestMinimalAnswers(t *testing.T) {
	g := newGateway(t)
	for _, test := range []struct {
		verb, target string
		created      bool
		status       int
		location     string
	}{
		{"POST", "/item", true, 201, "/item/1"},
		{"PUT", "/item/1", true, 201, "/item/1"},
		{"PUT", "/item/1", false, 204, ""},
		{"PATCH", "/item/1", false, 204, ""},
	} {
		item := &depot.Item{Id: "1", Etag: "e1"}
		if g.AnswerWith(item, nil); test.created {
			g.AnswerCreated(item)
		}
		response := g.do(test.verb, test.target, `{"displayName":"x"}`, "Prefer", "return=minimal")
		expectStatus(t, response, test.status)
		expectHeader(t, response, "Preference-Applied", "return=minimal")
		expectHeader(t, response, "Etag", `"e1"`)
		expectHeader(t, response, "Location", test.location)
		expectHeader(t, response, "Content-Type", "")
		if text, _ := io.ReadAll(response.Body); len(text) > 0 {
			t.Errorf("%s: %s", test.verb, text)
		}
	}
	response := g.do("PATCH", "/item/1", `{"displayName":"x"}`, "Prefer", "return=representation")
	expectStatus(t, response, 200)
	expectHeader(t, response, "Preference-Applied", "return=representation")
	response = g.do("GET", "/item/1", "", "Prefer", "return=minimal")
	expectStatus(t, response, 200)
	expectHeader(t, response, "Preference-Applied", "")
}
