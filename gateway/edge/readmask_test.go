package edge_test

import (
	"testing"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

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
	// A mask without paths is the same as no mask.
	expectStatus(t, g.do("GET", "/item/1?readMask=", "", "If-None-Match", `"e1"`), 304)
}
