package request

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

// decode reads a body that fills one field of a FindItemsRequest.
func decode(t *testing.T, field protoreflect.Name, body string) (proto.Message, string) {
	t.Helper()
	decoded, p := requestOf(field, body, "pageSize=2")
	if p == nil {
		return decoded, ""
	}
	fault := p.Detail
	for _, v := range p.Errors {
		fault += " " + v.Field + " " + v.Description
	}
	return nil, fault
}

func TestABodyMayBeTheValueOfAField(t *testing.T) {
	for _, test := range []struct {
		field protoreflect.Name
		body  string
		want  *depot.FindItemsRequest
	}{
		{"tags", `["a", "b"]`, &depot.FindItemsRequest{Tags: []string{"a", "b"}}},
		{"tags", ` [] `, &depot.FindItemsRequest{}},
		{"levels", `{"a":1,"b":2}`, &depot.FindItemsRequest{Levels: map[string]int32{"a": 1, "b": 2}}},
		{"amount", `5`, &depot.FindItemsRequest{Amount: 5}},
		{"colour", `"COLOUR_RED"`, &depot.FindItemsRequest{Colour: depot.Colour_COLOUR_RED}},
		{"size", `{"heightMm":1}`, &depot.FindItemsRequest{Size: &depot.Size{HeightMm: 1}}},
	} {
		test.want.PageSize = 2 // from the query
		got, fault := decode(t, test.field, test.body)
		if !proto.Equal(got, test.want) {
			t.Errorf("%s %s: %v, %s", test.field, test.body, got, fault)
		}
	}
	for _, test := range []struct {
		field      protoreflect.Name
		body, want string
	}{
		{"tags", `["a",1,null]`, "The body does not fit the contract. [1] must be a string [2] must be a string"},
		{"tags", ` null`, "The body does not fit the contract.  must not be null; leave it out"},
		{"tags", `{"a":1}`, "The body does not fit the contract.  must be an array"},
		{"tags", `["a"],"amount":3`, "The body goes on after the end of its JSON value, from line 1, column 5."},
		{"levels", `{"a":"x","b":1}`, `The body does not fit the contract. ["a"] must be a whole number from -2147483648 to 2147483647`},
		{"levels", `[]`, "The body does not fit the contract.  must be an object"},
		{"amount", ` "x"`, "The body does not fit the contract.  must be a whole number from -2147483648 to 2147483647"},
		{"amount", `5 6`, "The body goes on after the end of its JSON value, from line 1, column 3."},
	} {
		if _, fault := decode(t, test.field, test.body); fault != test.want {
			t.Errorf("%s %s: %s", test.field, test.body, fault)
		}
	}
}
