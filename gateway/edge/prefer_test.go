package edge_test

import (
	"context"
	"io"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"dataservice/gateway/edgetest"
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

func TestEventualReads(t *testing.T) {
	g := newGateway(t)
	g.Answer(func(ctx context.Context, call *edgetest.Call) (proto.Message, error) {
		pairs := metadata.Pairs("consistency-token", "t-2")
		if consistency := call.Metadata["read-consistency"]; len(consistency) == 1 && consistency[0] == "eventual;max-staleness=1s" &&
			slices.Equal(call.Metadata["consistency-token"], []string{"t-1"}) {
			pairs = metadata.Pairs("read-consistency", "eventual")
		}
		return &depot.Item{Id: "1", Etag: "e1"}, grpc.SetHeader(ctx, pairs)
	})
	response := g.do("GET", "/item/1", "", "Prefer", "read=eventual; max-staleness=1s", "Consistency-Token", "t-1")
	expectStatus(t, response, 200)
	expectHeader(t, response, "Preference-Applied", "read=eventual")
	expectHeader(t, response, "Vary", "Prefer, Consistency-Token")
	expectHeader(t, response, "Consistency-Token", "")
	response = g.do("PATCH", "/item/1", `{"displayName":"x"}`)
	expectStatus(t, response, 200)
	expectHeader(t, response, "Preference-Applied", "")
	expectHeader(t, response, "Consistency-Token", "t-2")
}
