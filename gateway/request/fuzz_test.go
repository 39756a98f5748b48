package request

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/admission"
	"dataservice/gateway/contract"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	"dataservice/gateway/problem"
	"dataservice/gateway/route"
)

// requestOf reads a request of FindItems. An empty field: it has no body.
func requestOf(field protoreflect.Name, body, query string) (proto.Message, *problem.Problem) {
	service := depot.File_depot_v1_depot_proto.Services().ByName("ItemService")
	message := (&depot.FindItemsRequest{}).ProtoReflect()
	served := &contract.Route{
		Binding: route.Binding{Method: service.Methods().ByName("FindItems"), Verb: "POST"},
		Request: message.Type(),
	}
	if field != "" {
		served.HasBody, served.Body = true, message.Descriptor().Fields().ByName(field)
	}
	r := httptest.NewRequest(http.MethodPost, "/list", strings.NewReader(body))
	r.URL.RawQuery = query
	q, p := Parse(served, nil, r)
	if p != nil {
		return nil, p
	}
	if p := q.ReadBody(httptest.NewRecorder(), r, 1<<20, &admission.Request{}); p != nil {
		return nil, p
	}
	defer q.Release()
	return q.Message()
}

// checkResult fails if a problem is none that a client can read, or the message cannot be sent.
func checkResult(t *testing.T, message proto.Message, p *problem.Problem) {
	if p != nil {
		if p.Detail == "" || !utf8.ValidString(p.Detail) {
			t.Errorf("a problem with the detail %q", p.Detail)
		}
		for _, v := range p.Errors {
			if v.Description == "" || !utf8.ValidString(v.Field) || !utf8.ValidString(v.Description) {
				t.Errorf("a violation %q", v)
			}
		}
		return
	}
	if _, err := proto.Marshal(message); err != nil {
		t.Error(err)
	}
}

// FuzzQuery reads queries: each is rejected, or its message can be sent.
func FuzzQuery(f *testing.F) {
	for _, query := range []string{"pageSize=2", "tags=a&tags=b&levels[x]=1", "size.heightMm=1", "amount=5&colour=COLOUR_RED", "page_size=1&pageSize=2", "levels[=1", "size[\xff=1", "%zz"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		message, p := requestOf("", "", query)
		checkResult(t, message, p)
	})
}

// FuzzBody reads bodies of each kind of field: each is rejected, or becomes the message whose
// JSON is the same message again.
func FuzzBody(f *testing.F) {
	names := []protoreflect.Name{"tags", "levels", "amount", "colour", "size"}
	for i, body := range []string{`["a","b"]`, `{"a":1}`, `5`, `"COLOUR_RED"`, `{"heightMm":1}`, `null`, `{"a":{"b":[]}}`} {
		f.Add(uint8(i), body)
	}
	f.Fuzz(func(t *testing.T, field uint8, body string) {
		name := names[int(field)%len(names)]
		message, p := requestOf(name, body, "")
		checkResult(t, message, p)
		if p != nil {
			return
		}
		text, err := protojson.Marshal(message)
		if err != nil {
			t.Fatal(err)
		}
		again := &depot.FindItemsRequest{}
		if err := protojson.Unmarshal(text, again); err != nil || !proto.Equal(again, message) {
			t.Errorf("%s became %s, which became %v, %v", body, text, again, err)
		}
	})
}
