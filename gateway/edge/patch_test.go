package edge_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"

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
			"zero sets", "", `{"note":"","amount":0,"tags":[]}`,
			&depot.UpdateItemRequest{Item: item(&depot.Item{Note: proto.String("")}), UpdateMask: mask("amount", "note", "tags")},
		},
		{
			"an empty object changes nothing", "", `{"levels":{},"size":{}}`,
			&depot.UpdateItemRequest{
				Item:       item(&depot.Item{Size: &depot.Size{}}),
				UpdateMask: mask("levels.", "size."),
			},
		},
		{
			"entries of a map", "", `{"levels":{"a":1,"b":null,"a.b":2,"":3,"x` + "`" + `y":null,"ü":0}}`,
			&depot.UpdateItemRequest{
				Item:       item(&depot.Item{Levels: map[string]int32{"a": 1, "a.b": 2, "": 3, "ü": 0}}),
				UpdateMask: mask("levels.``", "levels.`a.b`", "levels.`x``y`", "levels.`ü`", "levels.a", "levels.b"),
			},
		},
		{
			"messages in a map", "", `{"racks":{"7":{"width":1,"unit":null},"-8":null,"9":{}}}`,
			&depot.UpdateItemRequest{
				Item:       item(&depot.Item{Racks: map[int32]*depot.Size{7: {Width: 1}, 9: {}}}),
				UpdateMask: mask("racks.-8", "racks.7.unit", "racks.7.width", "racks.9."),
			},
		},
		{
			"a struct", "", ` { "meta" : { "a" : null , "b" : { "c" : [ {"x":null} , null ] , "d" : {} } , "e" : 1e3 } } `,
			&depot.UpdateItemRequest{
				Item: item(&depot.Item{Meta: structOf(map[string]any{
					"b": map[string]any{"c": []any{map[string]any{"x": nil}, nil}, "d": map[string]any{}}, "e": 1000.0,
				})}),
				UpdateMask: mask("meta.a", "meta.b.c", "meta.b.d.", "meta.e"),
			},
		},
		{
			"a value", "", `{"extra":{"a":{"b":null}}}`,
			&depot.UpdateItemRequest{
				Item:       item(&depot.Item{Extra: structpb.NewStructValue(structOf(map[string]any{"a": map[string]any{}}))}),
				UpdateMask: mask("extra.a.b"),
			},
		},
		{
			"a value that is null", "", `{"extra":null}`,
			&depot.UpdateItemRequest{Item: item(&depot.Item{}), UpdateMask: mask("extra")},
		},
		{
			"a value that is no object", "", `{"extra":[{"a":null}]}`,
			&depot.UpdateItemRequest{
				Item: item(&depot.Item{Extra: structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{
					structpb.NewStructValue(structOf(map[string]any{"a": nil})),
				}})}),
				UpdateMask: mask("extra"),
			},
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
			"the path's key again", "", `{"id":"1","etag":"e1","amount":1}`,
			&depot.UpdateItemRequest{Item: item(&depot.Item{Etag: "e1", Amount: 1}), UpdateMask: mask("amount", "etag", "id")},
		},
		{
			"a mask in the query", "?updateMask=displayName,made_time", `{"amount":1}`,
			&depot.UpdateItemRequest{Item: item(&depot.Item{Amount: 1}), UpdateMask: mask("display_name", "made_time")},
		},
		{
			"a mask with keys", "?updateMask=levels.`aB,c`,bestBefore.year", `{"levels":{"aB,c":1}}`,
			&depot.UpdateItemRequest{
				Item:       item(&depot.Item{Levels: map[string]int32{"aB,c": 1}}),
				UpdateMask: mask("levels.`aB,c`", "best_before.year"),
			},
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

func structOf(fields map[string]any) *structpb.Struct {
	made, err := structpb.NewStruct(fields)
	if err != nil {
		panic(err)
	}
	return made
}

func TestFaultsOfAPatch(t *testing.T) {
	g := newGateway(t)
	deep := strings.Repeat(`{"a":`, 31) + "1" + strings.Repeat("}", 31)
	expectStatus(t, g.do("PATCH", "/item/1", `{"meta":`+deep+`}`), 200)
	g.Last()
	many := make([]string, 1001)
	for i := range many {
		many[i] = fmt.Sprintf(`"%d":null`, i)
	}
	for name, body := range map[string]string{
		"twice":        `{"note":"a","note":null,"levels":{"a":null,"a":1},"meta":{"b":{"c":1,"c":null}}}`,
		"two_names":    `{"displayName":null,"display_name":null}`,
		"unknown":      `{"nothing":null,"size":{"depth":null}}`,
		"types":        `{"levels":{"a":"x","b":null},"racks":{"x":null,"1":5},"meta":[],"size":7}`,
		"deep":         `{"meta":{"a":` + deep + `}}`,
		"many":         `{"levels":{` + strings.Join(many, ",") + `}}`,
		"large_number": `{"amount":1e999,"meta":{"a":1e999}}`,
		"array":        `[]`,
		"syntax":       `{"levels":{"a":null,}}`,
		"surrogate":    `{"levels":{"\ud800":null,"\ufffd":null,"\ud83d\ude00":null}}`,
		"not_utf8":     "{\"levels\":{\"\xff\":null}}",
	} {
		t.Run(name, func(t *testing.T) {
			g.golden("patch/"+name, "PATCH", "/item/1", body)
			g.expectUnasked()
		})
	}
}

// The key in a body must be that of the path. In a creation the path names the
// parent.
func TestTheKeyInTheBody(t *testing.T) {
	const lower, upper = "01a20ca1-9136-7608-97ab-2d050c35514a", "01A20CA1-9136-7608-97AB-2D050C35514A"
	g := newGateway(t)
	for _, verb := range []string{"PUT", "PATCH"} {
		expectStatus(t, g.do(verb, "/item/1", `{"id":"1","displayName":"x"}`), 200)
		expectStatus(t, g.do(verb, "/item/1", `{"id":"","displayName":"x"}`), 200)
		expectStatus(t, g.do(verb, "/item/"+lower, `{"id":"`+upper+`","displayName":"x"}`), 200)
		g.Last()
		expectStatus(t, g.do(verb, "/item/1", `{"id":"2","displayName":"x"}`), 400)
		expectStatus(t, g.do(verb, "/item/A", `{"id":"a","displayName":"x"}`), 400)
		g.expectUnasked()
	}
	g.golden("errors/other_key", "PUT", "/item/1", `{"id":"2","displayName":"x"}`)
	g.AnswerWith(&depot.Part{Id: "1"}, nil)
	expectStatus(t, g.do("POST", "/item/1/part", `{"itemId":"2"}`), 200)
	g.expectRequest(&depot.CreatePartRequest{Part: &depot.Part{ItemId: "1"}})
}

func TestPatchTakesMergePatch(t *testing.T) {
	g := newGateway(t)
	expectStatus(t, g.do("PATCH", "/item/1", `{"note":null}`, "Content-Type", "", "Content-Type", "application/merge-patch+json"), 200)
	expectStatus(t, g.do("PUT", "/item/1", `{"note":"n"}`, "Content-Type", "", "Content-Type", "application/merge-patch+json"), 415)
}
