package edge_test

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	googletype "dataservice/gateway/gen/testdepot/pb/google/type"
)

func TestPatchChangesWhatTheBodyNames(t *testing.T) {
	mask := func(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }
	item := func(item *depot.Item) *depot.Item { item.Id = "1"; return item }
	for _, test := range []struct {
		name, query, body string
		want              *depot.UpdateItemRequest
	}{
		{"nothing", "", `{}`, &depot.UpdateItemRequest{Item: item(&depot.Item{}), UpdateMask: mask()}},
		{
			"both spellings", "", `{"displayName":"x","made_time":null}`,
			&depot.UpdateItemRequest{Item: item(&depot.Item{DisplayName: "x"}), UpdateMask: mask("display_name", "made_time")},
		},
		{
			"null clears", "", `{"note":null,"amount":null,"tags":null,"levels":null,"size":null,"bestBefore":null,"alias":null}`,
			&depot.UpdateItemRequest{
				Item:       item(&depot.Item{}),
				UpdateMask: mask("alias", "amount", "best_before", "levels", "note", "size", "tags"),
			},
		},
		{
			"zero sets", "", `{"note":"","amount":0,"tags":[],"levels":{}}`,
			&depot.UpdateItemRequest{Item: item(&depot.Item{Note: proto.String("")}), UpdateMask: mask("amount", "levels", "note", "tags")},
		},
		{
			"within a message", "", `{"size":{"heightMm":2,"unit":null},"boxes":[{"width":1}]}`,
			&depot.UpdateItemRequest{
				Item:       item(&depot.Item{Size: &depot.Size{HeightMm: 2}, Boxes: []*depot.Size{{Width: 1}}}),
				UpdateMask: mask("boxes", "size.height_mm", "size.unit"),
			},
		},
		{
			"a date is one value", "", `{"bestBefore":{"year":2030,"month":1}}`,
			&depot.UpdateItemRequest{
				Item:       item(&depot.Item{BestBefore: &googletype.Date{Year: 2030, Month: 1}}),
				UpdateMask: mask("best_before"),
			},
		},
		{
			"the path's key wins", "", `{"id":"2","etag":"e1","amount":1}`,
			&depot.UpdateItemRequest{Item: item(&depot.Item{Etag: "e1", Amount: 1}), UpdateMask: mask("amount", "etag", "id")},
		},
		{
			"a mask in the query", "?updateMask=displayName,made_time", `{"amount":1}`,
			&depot.UpdateItemRequest{Item: item(&depot.Item{Amount: 1}), UpdateMask: mask("display_name", "made_time")},
		},
		{
			"a mask of all", "?update_mask=*", `{"amount":1}`,
			&depot.UpdateItemRequest{Item: item(&depot.Item{Amount: 1}), UpdateMask: mask("*")},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := newGateway(t)
			expectStatus(t, g.do("PATCH", "/item/1"+test.query, test.body), 200)
			g.expectRequest(test.want)
		})
	}
}

func TestPatchTakesMergePatch(t *testing.T) {
	g := newGateway(t)
	expectStatus(t, g.do("PATCH", "/item/1", `{"note":null}`, "Content-Type", "", "Content-Type", "application/merge-patch+json"), 200)
	expectStatus(t, g.do("PUT", "/item/1", `{"note":"n"}`, "Content-Type", "", "Content-Type", "application/merge-patch+json"), 415)
}
