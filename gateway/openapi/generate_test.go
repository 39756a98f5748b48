package openapi_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/description"
	"dataservice/gateway/edgetest"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/gen/testdepot/contract"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	"dataservice/gateway/openapi"
)

// The document that gateway/build wrote, without the schema of google.type.Date.
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

// Services and messages of one name in several packages have names with their packages.
func TestTwoPackagesWithTheSameNames(t *testing.T) {
	files := &protoregistry.Files{}
	var paths []string
	for _, name := range []string{"a.v1", "b.v1"} {
		file := protodesc.ToFileDescriptorProto(depot.File_depot_v1_depot_proto)
		file.Name, file.Package = proto.String(name+".proto"), proto.String(name)
		text, err := prototext.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte(`".depot.v1.`), []byte(`".`+name+`.`))
		if err := prototext.Unmarshal(text, file); err != nil {
			t.Fatal(err)
		}
		for _, service := range file.Service {
			for _, method := range service.Method {
				prefix(proto.GetExtension(method.Options, annotations.E_Http).(*annotations.HttpRule), "/"+name)
			}
		}
		made, err := protodesc.NewFile(file, protoregistry.GlobalFiles)
		if err != nil {
			t.Fatal(err)
		}
		if err := files.RegisterFile(made); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, file.GetName())
	}
	text, err := openapi.Generate("two", files, paths, described(t, "a.v1", "b.v1"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Tags       []struct{ Name string }
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Schemas map[string]json.RawMessage }
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for path, item := range document.Paths {
		for verb, text := range item {
			var operation struct{ OperationID string }
			if verb == "parameters" || json.Unmarshal(text, &operation) != nil {
				continue
			}
			if seen[operation.OperationID] {
				t.Errorf("%s %s: the id %s is taken", verb, path, operation.OperationID)
			}
			seen[operation.OperationID] = true
		}
	}
	for _, id := range []string{"aV1ItemServiceGetItem", "bV1ItemServiceGetItem", "bV1ItemServiceCreateItemWithPost", "getHealth"} {
		if !seen[id] {
			t.Errorf("there is no operation %s", id)
		}
	}
	for _, name := range []string{"AV1Item", "BV1Item", "BV1CreateItemInput", "Date", "Problem"} {
		if document.Components.Schemas[name] == nil {
			t.Errorf("there is no schema %s", name)
		}
	}
	names := map[string]bool{}
	for _, tag := range document.Tags {
		if names[tag.Name] {
			t.Errorf("the tag %s is given twice", tag.Name)
		}
		names[tag.Name] = true
	}
}

// described returns the description of the test contract, with its methods and
// messages in each of the packages.
func described(t *testing.T, packages ...string) *description.Description {
	t.Helper()
	all := &engine.ContractDescription{}
	for _, name := range packages {
		text := bytes.ReplaceAll(contract.Contract().Description, []byte(`"depot.v1.`), []byte(`"`+name+`.`))
		one := &engine.ContractDescription{}
		if err := protojson.Unmarshal(text, one); err != nil {
			t.Fatal(err)
		}
		proto.Merge(all, one)
	}
	return parsed(t, all)
}

// prefix moves the routes of a rule below a path.
func prefix(rule *annotations.HttpRule, path string) {
	if rule == nil {
		return
	}
	switch p := rule.Pattern.(type) {
	case *annotations.HttpRule_Get:
		p.Get = path + p.Get
	case *annotations.HttpRule_Put:
		p.Put = path + p.Put
	case *annotations.HttpRule_Post:
		p.Post = path + p.Post
	case *annotations.HttpRule_Patch:
		p.Patch = path + p.Patch
	case *annotations.HttpRule_Delete:
		p.Delete = path + p.Delete
	}
	for _, more := range rule.AdditionalBindings {
		prefix(more, path)
	}
}

func TestTheSameContractMakesTheSameDocument(t *testing.T) {
	path, d := depot.File_depot_v1_depot_proto.Path(), described(t, "depot.v1")
	first, err := openapi.Generate("depot", protoregistry.GlobalFiles, []string{path}, d)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := openapi.Generate("depot", protoregistry.GlobalFiles, []string{path}, d)
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("another document, %v", err)
		}
	}
}
