package openapi_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/edgetest"
	"dataservice/gateway/gen/testdepot/contract"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	"dataservice/gateway/openapi"
)

// The document as gateway/build made it, less what others describe.
func TestDocument(t *testing.T) {
	var document map[string]any
	if err := json.Unmarshal(contract.Contract().OpenAPI, &document); err != nil {
		t.Fatal(err)
	}
	delete(document["components"].(map[string]any)["schemas"].(map[string]any), "Date")
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	edgetest.Golden(t, "depot.json", append(text, '\n'))
}

func TestTheSameContractMakesTheSameDocument(t *testing.T) {
	path := depot.File_depot_v1_depot_proto.Path()
	first, err := openapi.Generate("depot", protoregistry.GlobalFiles, []string{path})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := openapi.Generate("depot", protoregistry.GlobalFiles, []string{path})
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("another document, %v", err)
		}
	}
}
