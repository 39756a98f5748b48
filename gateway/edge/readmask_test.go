package edge_test

import (
	"io"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func (g *gateway) expectBody(target, want string) {
	g.t.Helper()
	response := g.do("GET", target, "")
	expectStatus(g.t, response, 200)
	if body, _ := io.ReadAll(response.Body); string(body) != want {
		g.t.Errorf("%s: %s, not %s", target, body, want)
	}
}

func TestReadMaskInEitherSpelling(t *testing.T) {
	g := newGateway(t)
	mask := &fieldmaskpb.FieldMask{Paths: []string{"display_name", "size.height_mm"}}
	for _, query := range []string{
		"readMask=displayName,size.heightMm", "read_mask=display_name,size.height_mm",
		"readMask=+displayName+,,size.height_mm",
	} {
		expectStatus(t, g.do("GET", "/item/1?"+query, ""), 200)
		g.expectRequest(&depot.GetItemRequest{Id: "1", ReadMask: mask})
	}
	g.AnswerWith(&depot.ListItemsResponse{}, nil)
	expectStatus(t, g.do("GET", "/item?readMask=displayName,size.heightMm", ""), 200)
	g.expectRequest(&depot.ListItemsRequest{ReadMask: mask})
	expectStatus(t, g.do("GET", "/item/1?readMask=id&readMask=etag", ""), 400)
	expectStatus(t, g.do("GET", "/item/1?readMask=id&read_mask=etag", ""), 400)
	expectStatus(t, g.do("DELETE", "/item/1?readMask=id", ""), 400) // no field of its request
}

// A field that the mask does not name was not read: its zero value would be wrong.
func TestAnAnswerHasWhatItsReadMaskNames(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.Item{DisplayName: "Lamp", Size: &depot.Size{HeightMm: 2}}, nil)
	g.expectBody("/item/1?readMask=displayName,amount", `{"displayName":"Lamp","amount":0}`)
	g.expectBody("/item/1?readMask=size.heightMm,size.unit,note", `{"size":{"heightMm":2}}`)
	g.expectBody("/item/1?readMask=size,size.heightMm", `{"size":{"width":0,"heightMm":2}}`)
	g.expectBody("/item/1?readMask=size.heightMm,size", `{"size":{"width":0,"heightMm":2}}`)
	g.expectBody("/item/1?readMask=boxes", `{"boxes":[]}`)
	g.AnswerWith(&depot.ListItemsResponse{
		Items:         []*depot.Item{{Id: "1", Amount: 7}, {}},
		NextPageToken: proto.String("t"),
	}, nil)
	g.expectBody("/item?readMask=id", `{"items":[{"id":"1"},{"id":""}],"nextPageToken":"t"}`)
	g.AnswerWith(&depot.ListItemsResponse{}, nil)
	g.expectBody("/item?readMask=id", `{"items":[]}`)
}

func TestComputedFieldsAreThereWhereTheyWereAskedFor(t *testing.T) {
	g := newGateway(t)
	has := func(target string, want bool) {
		t.Helper()
		body, _ := io.ReadAll(g.do("GET", target, "").Body)
		if got := jsonHas(body, "partCount"); got != want {
			t.Errorf("%s: %s", target, body)
		}
	}
	g.AnswerWith(&depot.Item{Id: "1"}, nil)
	has("/item/1", false)
	has("/item/1?readMask=", false)
	has("/item/1?readMask=id", false)
	has("/item/1?readMask=*", true)
	g.expectBody("/item/1?readMask=partCount,firstPart", `{"partCount":0}`)
	g.AnswerWith(&depot.Item{PartCount: 3, FirstPart: proto.String("")}, nil)
	has("/item/1", true) // a value that is set is written
	g.expectBody("/item/1?readMask=partCount,firstPart", `{"partCount":3,"firstPart":""}`)
	g.AnswerWith(&depot.ListItemsResponse{Items: []*depot.Item{{Id: "1"}}}, nil)
	for target, want := range map[string]bool{"/item": false, "/item?readMask=*": true, "/item?readMask=part_count": true} {
		has(target, want)
	}
	g.AnswerCreated(&depot.Item{Id: "1"})
	body, _ := io.ReadAll(g.do("POST", "/item", `{"displayName":"x","amount":1}`).Body)
	if jsonHas(body, "partCount") {
		t.Errorf("%s", body)
	}
}

// An entity tag, and so the condition of a read, is that of the entire resource.
func TestAnswersToAReadMaskHaveNoETag(t *testing.T) {
	g := newGateway(t)
	for _, mask := range []string{"id", "etag", "*"} {
		for _, verb := range []string{"GET", "HEAD"} {
			response := g.do(verb, "/item/1?readMask="+mask, "", "If-None-Match", `"e1"`)
			expectStatus(t, response, 200)
			expectHeader(t, response, "Etag", "")
		}
		expectStatus(t, g.do("GET", "/item/1?readMask="+mask, "", "If-None-Match", "*"), 200)
	}
	g.expectBody("/item/1?readMask=etag", `{"etag":"e1"}`)
	// A mask without paths is the same as no mask.
	expectStatus(t, g.do("GET", "/item/1?readMask=", "", "If-None-Match", `"e1"`), 304)
}
