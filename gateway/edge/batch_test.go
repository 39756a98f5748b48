package edge_test

import (
	"net/http"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func TestBatchRoutesAreNoResources(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.BatchGetItemsResponse{Items: []*depot.Item{{Id: "2"}, {Id: "1", Etag: "e"}}}, nil)
	response := g.do("GET", "/item:batchGet?ids=2&ids=1", "")
	expectStatus(t, response, http.StatusOK)
	expectHeader(t, response, "ETag", "")
	g.expectRequest(&depot.BatchGetItemsRequest{Ids: []string{"2", "1"}})
	expectStatus(t, g.do("GET", "/item:batchGet", ""), http.StatusOK)
	g.expectRequest(&depot.BatchGetItemsRequest{})
	g.golden("success/batch_get", "GET", "/item:batchGet?ids=2&ids=1", "")
	g.Last()
	for path, allow := range map[string]string{
		"/item:batchGet":    "GET, HEAD, OPTIONS",
		"/item:batchCreate": "OPTIONS, POST",
		"/item:batchUpdate": "OPTIONS, POST",
		"/item:batchDelete": "OPTIONS, POST",
	} {
		for _, verb := range []string{"PUT", "PATCH", "DELETE"} {
			wrong := g.do(verb, path, "{}")
			expectStatus(t, wrong, http.StatusMethodNotAllowed)
			expectHeader(t, wrong, "Allow", allow)
		}
	}
	expectStatus(t, g.do("GET", "/item:batchCreate", ""), http.StatusMethodNotAllowed)
	expectStatus(t, g.do("POST", "/item:batchGet", "{}"), http.StatusMethodNotAllowed)
	expectStatus(t, g.do("GET", "/item:batchGet/", ""), http.StatusNotFound)
	expectStatus(t, g.do("GET", "/item:batchGet?id=1", ""), http.StatusBadRequest)
	g.expectUnasked()
	// A key may end as a verb does.
	g.AnswerWith(&depot.Item{Id: "a:batchGet"}, nil)
	expectStatus(t, g.do("GET", "/item/a:batchGet", ""), http.StatusOK)
	g.expectRequest(&depot.GetItemRequest{Id: "a:batchGet"})
}

func TestABatchOfCreationsIsNoCreation(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.BatchCreateItemsResponse{Items: []*depot.Item{{Id: "1", Etag: "e"}}}, nil)
	response := g.do("POST", "/item:batchCreate", `{"requests":[{"item":{"displayName":"x"}},{}]}`)
	expectStatus(t, response, http.StatusOK)
	expectHeader(t, response, "Location", "")
	expectHeader(t, response, "ETag", "")
	g.expectRequest(&depot.BatchCreateItemsRequest{Requests: []*depot.CreateItemRequest{
		{Item: &depot.Item{DisplayName: "x"}}, {},
	}})
}

func TestMasksInsideABatchAreAsGiven(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.BatchUpdateItemsResponse{}, nil)
	expectStatus(t, g.do("POST", "/item:batchUpdate", `{"requests":[
		{"item":{"id":"1","amount":1},"updateMask":"displayName,size.heightMm"},{"item":{"id":"2","amount":1}}]}`), http.StatusOK)
	g.expectRequest(&depot.BatchUpdateItemsRequest{Requests: []*depot.UpdateItemRequest{
		{
			Item:       &depot.Item{Id: "1", Amount: 1},
			UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"display_name", "size.height_mm"}},
		},
		{Item: &depot.Item{Id: "2", Amount: 1}},
	}})
}

func TestABatchOfDeletionsHasNoContent(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&emptypb.Empty{}, nil)
	expectStatus(t, g.do("POST", "/item:batchDelete", `{"requests":[{"id":"1","etag":"e"}]}`), http.StatusNoContent)
	g.expectRequest(&depot.BatchDeleteItemsRequest{Requests: []*depot.DeleteItemRequest{{Id: "1", Etag: "e"}}})
}

func TestFaultsInABatchNameTheirElement(t *testing.T) {
	g := newGateway(t)
	g.golden("body/batch", "POST", "/item:batchCreate",
		`{"requests":[{"item":{}},{"item":{"amount":"x","nothing":1}},{"items":{}}],"more":1}`)
	g.expectUnasked()
	g.AnswerWith(nil, withDetails(status.New(codes.InvalidArgument, "The request breaks its rules."), &errdetails.BadRequest{
		FieldViolations: []*errdetails.BadRequest_FieldViolation{
			{Field: "requests[3].item.display_name", Description: "value is required"},
			{Field: "requests[4].item.boxes[2].height_mm", Description: "must be below 100"},
		},
	}))
	g.golden("server/batch_invalid", "POST", "/item:batchCreate", `{"requests":[]}`)
	g.AnswerWith(nil, withDetails(status.New(codes.Aborted, "requests[3]: the item has changed"),
		&errdetails.ErrorInfo{Reason: "ETAG_MISMATCH", Metadata: map[string]string{"element": "requests[3]"}}))
	g.golden("server/batch_element", "POST", "/item:batchUpdate", `{"requests":[]}`)
}
