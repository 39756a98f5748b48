package edge_test

import (
	"math"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func TestQueryParameters(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.ListItemsResponse{}, nil)
	for query, want := range map[string]*depot.FindItemsRequest{
		"":                                      {},
		"pageSize=3&pageToken=a%2Bb":            {PageSize: 3, PageToken: "a+b"},
		"page_size=-3&display_name=a+b%20c":     {PageSize: -3, DisplayName: "a b c"},
		"displayName=":                          {},
		"displayName=%C3%BC%F0%9F%93%9A":        {DisplayName: "ü📚"},
		"weight=9007199254740993&floor=7":       {Weight: 9007199254740993, Floor: 7},
		"colour=COLOUR_BLUE":                    {Colour: depot.Colour_COLOUR_BLUE},
		"colour=1":                              {Colour: depot.Colour_COLOUR_RED},
		"tags=a&tags=b,c":                       {Tags: []string{"a", "b,c"}},
		"fragile=false":                         {Fragile: proto.Bool(false)},
		"madeAfter=2001-09-09T03:46:40%2B02:00": {MadeAfter: &timestamppb.Timestamp{Seconds: 1e9}},
		"readMask=displayName,size.heightMm":    {ReadMask: &fieldmaskpb.FieldMask{Paths: []string{"display_name", "size.height_mm"}}},
		"read_mask=*":                           {ReadMask: &fieldmaskpb.FieldMask{Paths: []string{"*"}}},
		"size.heightMm=2&size.width=1":          {Size: &depot.Size{HeightMm: 2, Width: 1}},
		"levels[a]=1&levels[b]=2":               {Levels: map[string]int32{"a": 1, "b": 2}},
		"ratio=0.5&photo=-_8&limit=3":           {Ratio: 0.5, Photo: []byte{0xfb, 0xff}, Limit: wrapperspb.Int32(3)},
		"ratio=-1.5e%2B3&limit=-0":              {Ratio: -1500, Limit: wrapperspb.Int32(0)},
		"ratio=Infinity":                        {Ratio: math.Inf(1)},
		"photo=AA==&fragile=true":               {Photo: []byte{0}, Fragile: proto.Bool(true)},
		"shelfCode=A1":                          {Place: &depot.FindItemsRequest_ShelfCode{ShelfCode: "A1"}},
	} {
		t.Run(query, func(t *testing.T) {
			expectStatus(t, g.do("GET", "/item:find?"+query, ""), 200)
			g.expectRequest(want)
		})
	}
}

func TestFaultsOfTheQuery(t *testing.T) {
	g := newGateway(t)
	for name, target := range map[string]string{
		"unknown":       "/item:find?color=red&page_size=1",
		"unknown_inner": "/item:find?size.depth=1&tags.x=1&display_name.x=1",
		"repeated":      "/item:find?pageSize=1&pageSize=2",
		"both_names":    "/item:find?pageSize=1&page_size=1",
		"types": "/item:find?pageSize=a&amount=&weight=1.5&colour=GREEN&fragile=maybe&madeAfter=yesterday" +
			"&ratio=half&photo=***&floor=-1&limit=x&size=1&levels=1",
		"loose": "/item:find?pageSize=1_0&amount=0x10&weight=%2B1&floor=01&colour=%2B1&fragile=T&ratio=0x1p4&limit=1_0&" +
			"levels[a]=1e0&photo=AA===",
		"loose_numbers": "/item:find?ratio=inf",
		"map":           "/item:find?levels[a]=x&levels[b=1&pageSize[a]=1&levels[c]=1&levels[c]=2",
		"ranges":        "/item:find?pageSize=2147483648&weight=9223372036854775808",
		"not_utf8":      "/item:find?displayName=%ff&tags=%ff&levels[%ff]=1&%ff=1",
		"nul":           "/item:find?displayName=a%00b",
		"escape":        "/item:find?displayName=%zz",
		"semicolon":     "/item:find?pageSize=1;pageToken=x",
		"oneof":         "/item:find?shelfCode=a&roomCode=b",
		"in_path":       "/item/1?id=2",
		"no_queries":    "/item/1?fields=a",
	} {
		t.Run(name, func(t *testing.T) {
			g.golden("query/"+name, "GET", target, "")
			g.expectUnasked()
		})
	}
	for _, value := range []string{"inf", "nan", "infinity", "+1", "1.", ".5", "1_0", "0x1", "01", "1e", "1e400", "NaN%20", ""} {
		expectStatus(t, g.do("GET", "/item:find?ratio="+value, ""), 400)
	}
	for _, value := range []string{"t", "1", "TRUE", "True", ""} {
		expectStatus(t, g.do("GET", "/item:find?fragile="+value, ""), 400)
	}
	g.golden("query/in_body", "PUT", "/item/1?item.displayName=x&item.id=2&item=3", `{"displayName":"x"}`)
	g.expectUnasked()
	response := g.do("POST", "/item?requestId=r", `{"displayName":"x"}`) // is in neither
	expectStatus(t, response, 200)
	g.expectRequest(&depot.CreateItemRequest{Item: &depot.Item{DisplayName: "x"}, RequestId: "r"})
}
