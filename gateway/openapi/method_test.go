package openapi_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/description"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/gen/testdepot/contract"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	"dataservice/gateway/openapi"
)

// operation is the part of an operation that these tests read.
type operation struct {
	Parameters []parameter
	Responses  map[string]json.RawMessage
}

type parameter struct {
	Name   string
	Schema struct{ MaxLength int32 }
}

// parameter returns a parameter; nil if there is none of this name.
func (o *operation) parameter(name string) *parameter {
	i := slices.IndexFunc(o.Parameters, func(p parameter) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &o.Parameters[i]
}

func operationOf(t *testing.T, document []byte, verb, path string) *operation {
	t.Helper()
	var all struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(document, &all); err != nil {
		t.Fatal(err)
	}
	found := &operation{}
	if err := json.Unmarshal(all.Paths[path][verb], found); err != nil {
		t.Fatalf("%s %s: %v", verb, path, err)
	}
	return found
}

// A custom method whose name begins like that of a standard method is not one.
func TestMethodNamesDecideNothing(t *testing.T) {
	document := contract.Contract().OpenAPI
	events := operationOf(t, document, "get", "/item/{item_id}/event")
	for _, status := range []string{"200", "304", "404"} { // a list has neither 304 nor 404
		if events.Responses[status] == nil {
			t.Errorf("ListEvents has no %s", status)
		}
	}
	if events.parameter("If-None-Match") == nil {
		t.Error("ListEvents has no If-None-Match")
	}
	report := operationOf(t, document, "post", "/item/{item_id}/report")
	if report.Responses["200"] == nil || report.Responses["201"] != nil || report.Responses["404"] == nil {
		t.Errorf("CreateReport: %s", report.Responses)
	}
	item := operationOf(t, document, "post", "/item")
	if item.Responses["200"] != nil || item.Responses["201"] == nil || item.Responses["404"] != nil {
		t.Errorf("CreateItem: %s", item.Responses)
	}
}

func TestLimitsAreThoseOfTheDescription(t *testing.T) {
	const most = 77
	message := &engine.ContractDescription{}
	if err := protojson.Unmarshal(contract.Contract().Description, message); err != nil {
		t.Fatal(err)
	}
	message.Limits.RequestIdBytes = most
	document, err := openapi.Generate("depot", protoregistry.GlobalFiles,
		[]string{depot.File_depot_v1_depot_proto.Path()}, parsed(t, message))
	if err != nil {
		t.Fatal(err)
	}
	if key := operationOf(t, document, "post", "/item").parameter("Idempotency-Key"); key.Schema.MaxLength != most {
		t.Errorf("Idempotency-Key has up to %d characters", key.Schema.MaxLength)
	}
}

func TestDescriptionLacksAMethod(t *testing.T) {
	_, err := openapi.Generate("depot", protoregistry.GlobalFiles,
		[]string{depot.File_depot_v1_depot_proto.Path()}, parsed(t, &engine.ContractDescription{}))
	if err == nil {
		t.Error("no error")
	}
}

func TestReasonsAreListed(t *testing.T) {
	for name := range engine.ErrorReason_value {
		listed := bytes.Contains(contract.Contract().OpenAPI, []byte(`"`+name+`"`))
		if want := name != engine.ErrorReason_ERROR_REASON_UNSPECIFIED.String(); listed != want {
			t.Errorf("%s is listed: %v", name, listed)
		}
	}
}

func parsed(t *testing.T, message *engine.ContractDescription) *description.Description {
	t.Helper()
	text, err := protojson.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	d, err := description.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
