package openapi31_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"dataservice/gateway/gen/testdepot/contract"
	"dataservice/gateway/openapi31"
)

func TestConvert(t *testing.T) {
	const before = `{"openapi": "3.0.3", "paths": {"/a": {"get": {
			"parameters": [{"name": "nullable", "example": {"nullable": true}, "schema": {"type": "string", "nullable": true}}],
			"responses": {"200": {"content": {"x": {"example": {"schema": {"nullable": true}}, "schema": {"type": "string", "format": "binary"}}}}}
		}}},
		"components": {"schemas": {"A": {"type": "object", "additionalProperties": false, "properties": {
			"nullable": {"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1, "exclusiveMaximum": false},
			"b": {"type": "object", "allOf": [{"$ref": "#/components/schemas/A"}], "nullable": true, "description": "B."},
			"c": {"type": "array", "items": {"type": "string", "format": "byte", "example": "AA=="}},
			"d": {"nullable": true}, "e": {"type": "object", "additionalProperties": {"type": "string", "enum": ["x", null], "nullable": true}}
		}}}}}`
	const after = `{"openapi": "3.1.1", "paths": {"/a": {"get": {
			"parameters": [{"name": "nullable", "example": {"nullable": true}, "schema": {"type": ["string", "null"]}}],
			"responses": {"200": {"content": {"x": {"example": {"schema": {"nullable": true}}, "schema": {}}}}}
		}}},
		"components": {"schemas": {"A": {"type": "object", "additionalProperties": false, "properties": {
			"nullable": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
			"b": {"anyOf": [{"allOf": [{"$ref": "#/components/schemas/A"}]}, {"type": "null"}], "description": "B."},
			"c": {"type": "array", "items": {"type": "string", "contentEncoding": "base64", "examples": ["AA=="]}},
			"d": {}, "e": {"type": "object", "additionalProperties": {"type": ["string", "null"], "enum": ["x", null]}}
		}}}}}`
	text, err := openapi31.Convert([]byte(before))
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if json.Unmarshal(text, &got) != nil || json.Unmarshal([]byte(after), &want) != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s", text)
	}
	if _, err := openapi31.Convert([]byte("{")); err == nil {
		t.Error("no error")
	}
	if _, err := openapi31.Convert(contract.Contract().OpenAPI); err != nil {
		t.Error(err)
	}
}
