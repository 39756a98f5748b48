package edge_test

import (
	"io"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	googletype "dataservice/gateway/gen/testdepot/pb/google/type"
)

func TestListIsWholeEvenWhenEmpty(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.ListItemsResponse{}, nil)
	response := g.do("GET", "/item", "")
	body, _ := io.ReadAll(response.Body)
	if string(body) != `{"items":[]}` {
		t.Errorf("body %s", body)
	}
	expectHeader(t, response, "Content-Type", "application/json")
	g.expectRequest(&depot.ListItemsRequest{})
}

func TestEveryKindOfField(t *testing.T) {
	g := newGateway(t)
	full := &depot.Item{
		Id: "1", DisplayName: "Lamp", Amount: 3, Note: proto.String("n"), Tags: []string{"a", "b"},
		Levels: map[string]int32{"x": 1}, Size: &depot.Size{Width: 1, HeightMm: 2}, Boxes: []*depot.Size{{Width: 9}},
		Colour: depot.Colour_COLOUR_RED, Weight: 1 << 60, Ratio: 0.5, Fragile: true, Photo: []byte{0xfb, 0xff},
		MadeTime: timestamppb.New(time.Unix(1e9, 5000)), ShelfLife: durationpb.New(1500 * time.Millisecond),
		Alias: wrapperspb.String(""), BestBefore: &googletype.Date{Year: 2030, Month: 1, Day: 2},
		Place: &depot.Item_Floor{Floor: 4}, Owner: "me", Etag: "e1",
	}
	g.AnswerWith(full, nil)
	g.golden("success/full", "GET", "/item/1", "")
	g.AnswerWith(&depot.Item{}, nil)
	g.golden("success/zero", "GET", "/item/1", "")

	camel := `{"displayName":"Lamp","amount":3,"note":"n","tags":["a","b"],"levels":{"x":1},
		"size":{"width":1,"heightMm":2},"boxes":[{"width":9}],"colour":"COLOUR_RED","weight":"1152921504606846976",
		"ratio":0.5,"fragile":true,"photo":"+/8=","madeTime":"2001-09-09T01:46:40.000005Z","shelfLife":"1.5s",
		"alias":"","bestBefore":{"year":2030,"month":1,"day":2},"floor":4,"owner":"me"}`
	snake := `{"display_name":"Lamp","amount":"3","note":"n","tags":["a","b"],"levels":{"x":1},
		"size":{"width":1,"height_mm":2},"boxes":[{"width":9}],"colour":1,"weight":1152921504606846976,
		"ratio":"0.5","fragile":true,"photo":"-_8","made_time":"2001-09-09T03:46:40.000005+02:00","shelf_life":"1.500s",
		"alias":"","best_before":{"year":2030,"month":1,"day":2},"floor":4,"owner":"me"}`
	want := proto.Clone(full).(*depot.Item)
	want.Id, want.Etag = "", ""
	for _, body := range []string{camel, snake} {
		expectStatus(t, g.do("POST", "/item", body), 200)
		g.expectRequest(&depot.CreateItemRequest{Item: want})
	}
}

func TestCreateAnswers201AndLocation(t *testing.T) {
	g := newGateway(t)
	g.AnswerCreated(&depot.Item{Id: "a/b c?ü", DisplayName: "x", Etag: "e"})
	for _, verb := range []string{"PUT", "POST"} {
		response := g.do(verb, "/item", `{"displayName":"x","amount":1}`)
		expectStatus(t, response, 201)
		expectHeader(t, response, "Location", "/item/a%2Fb%20c%3F%C3%BC")
		expectHeader(t, response, "Etag", `"e"`)
		expectHeader(t, response, "Content-Type", "application/json")
		if response.ContentLength <= 0 {
			t.Errorf("Content-Length %d", response.ContentLength)
		}
	}
	response := g.do("GET", "/item/a%2Fb%20c%3F%C3%BC", "")
	expectStatus(t, response, 200) // resource-created has an effect for writes only
	g.expectRequest(&depot.GetItemRequest{Id: "a/b c?ü"})
}

func TestLocationOfANestedCreation(t *testing.T) {
	g := newGateway(t)
	g.AnswerCreated(&depot.Part{Id: "7", ItemId: "1"})
	response := g.do("POST", "/item/1/part", `{"id":"9","itemId":"2","note":"n"}`)
	expectStatus(t, response, 201)
	expectHeader(t, response, "Location", "/part/7")
	expectHeader(t, response, "Etag", "")
	g.expectRequest(&depot.CreatePartRequest{Part: &depot.Part{Id: "9", ItemId: "1", Note: proto.String("n")}})
}

func TestUpsertAnswers200Or201(t *testing.T) {
	g := newGateway(t)
	response := g.do("PUT", "/item/1", `{"displayName":"x"}`)
	expectStatus(t, response, 200)
	expectHeader(t, response, "Location", "")
	g.expectRequest(&depot.UpsertItemRequest{Item: &depot.Item{Id: "1", DisplayName: "x"}})
	g.AnswerCreated(&depot.Item{Id: "1"})
	response = g.do("PUT", "/item/1", `{"displayName":"x"}`)
	expectStatus(t, response, 201)
	expectHeader(t, response, "Location", "/item/1")
	for _, key := range []string{".", ".."} { // clients do not send such a path
		g.AnswerCreated(&depot.Item{Id: key})
		response = g.do("POST", "/item", `{"displayName":"x"}`)
		expectStatus(t, response, 201)
		expectHeader(t, response, "Location", "")
	}
}

func TestDeleteAnswers204WithoutBody(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&emptypb.Empty{}, nil)
	g.golden("success/delete", "DELETE", "/item/1?etag=e1", "")
	g.expectRequest(&depot.DeleteItemRequest{Id: "1", Etag: "e1"})
	expectStatus(t, g.do("DELETE", "/item/1", "", "Te", "trailers"), 204)
}

func TestHeadIsGetWithoutBody(t *testing.T) {
	g := newGateway(t)
	get, head := g.do("GET", "/item/1", ""), g.do("HEAD", "/item/1", "")
	expectStatus(t, head, 200)
	if head.ContentLength != get.ContentLength || head.Header.Get("Etag") != `"e1"` {
		t.Errorf("Content-Length %d and %d, ETag %s", head.ContentLength, get.ContentLength, head.Header.Get("Etag"))
	}
	if body, _ := io.ReadAll(head.Body); len(body) > 0 {
		t.Errorf("body %s", body)
	}
	expectStatus(t, g.do("HEAD", "/nothing", ""), 404)
	expectStatus(t, g.do("HEAD", "/healthz", ""), 200)
}

func TestCustomMethodTakesTheWholeRequestAsBody(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.CountItemsResponse{Total: 5}, nil)
	response := g.do("POST", "/item:count", `{"displayName":"x"}`)
	if body, _ := io.ReadAll(response.Body); string(body) != `{"total":"5"}` {
		t.Errorf("body %s", body)
	}
	g.expectRequest(&depot.CountItemsRequest{DisplayName: "x"})
	expectStatus(t, g.do("POST", "/item:count?displayName=x", `{}`), 400)
	g.expectUnasked()
}

func TestServerStreamGetsItsQuery(t *testing.T) {
	g := newGateway(t)
	response := g.do("GET", "/item:export?filter=x", "")
	expectStatus(t, response, 200)
	g.expectRequest(&depot.ExportItemsRequest{Filter: "x"})
	expectStatus(t, g.do("GET", "/item:export?nonsense=x", ""), 400)
}

func TestPathVariablesOfOtherTypes(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.Shelf{}, nil)
	expectStatus(t, g.do("GET", "/shelf/12", ""), 200)
	g.expectRequest(&depot.GetShelfRequest{Number: 12})
	expectStatus(t, g.do("GET", "/row/a/b%2Fc/shelf/3", ""), 200)
	g.expectRequest(&depot.GetShelfRequest{Number: 3, Row: "a/b%2Fc"})
	g.golden("errors/path_number", "GET", "/shelf/twelve", "")
	g.expectUnasked()
}
