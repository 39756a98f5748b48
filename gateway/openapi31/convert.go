// Package openapi31 converts the OpenAPI 3.0 document of a contract to OpenAPI 3.1, whose
// schemas are those of JSON Schema 2020-12.
package openapi31

import (
	"encoding/json"
	"fmt"
)

// object is a JSON object.
type object = map[string]any

// Convert returns a document of OpenAPI 3.1 that means the same as a document of package
// openapi.
func Convert(document []byte) ([]byte, error) {
	var members object
	if err := json.Unmarshal(document, &members); err != nil {
		return nil, fmt.Errorf("the OpenAPI document: %w", err)
	}
	members["openapi"] = "3.1.1"
	walk(members)
	text, err := json.MarshalIndent(members, "", "  ")
	return append(text, '\n'), err
}

// walk converts the schemas below a part of the document that is no schema.
func walk(part any) {
	switch p := part.(type) {
	case []any:
		for _, element := range p {
			walk(element)
		}
	case object:
		for name, member := range p {
			switch name {
			case "schema":
				convert(member)
			case "schemas":
				convertEach(member)
			case "example", "examples":
			default:
				walk(member)
			}
		}
	}
}

// convertEach converts the schemas in an object or a list.
func convertEach(schemas any) {
	switch s := schemas.(type) {
	case []any:
		for _, schema := range s {
			convert(schema)
		}
	case object:
		for _, schema := range s {
			convert(schema)
		}
	}
}

// convert converts a schema and those within it.
func convert(schema any) {
	s, ok := schema.(object)
	if !ok {
		return // additionalProperties can be a boolean
	}
	for _, name := range []string{"properties", "allOf", "anyOf", "oneOf"} {
		convertEach(s[name])
	}
	for _, name := range []string{"items", "additionalProperties", "not"} {
		convert(s[name])
	}
	convertBound(s, "exclusiveMinimum", "minimum")
	convertBound(s, "exclusiveMaximum", "maximum")
	if example, has := s["example"]; has {
		delete(s, "example")
		s["examples"] = []any{example}
	}
	switch s["format"] {
	case "byte":
		delete(s, "format")
		s["contentEncoding"] = "base64"
	case "binary": // any bytes
		delete(s, "format")
		delete(s, "type")
	}
	if s["nullable"] == true {
		convertNullable(s)
	}
	delete(s, "nullable")
}

// convertBound makes an exclusive bound the number itself.
func convertBound(s object, exclusive, bound string) {
	if s[exclusive] == true {
		s[exclusive] = s[bound]
		delete(s, bound)
	} else if s[exclusive] == false {
		delete(s, exclusive)
	}
}

// convertNullable adds null to the types of a schema.
func convertNullable(s object) {
	if parts, has := s["allOf"]; has {
		delete(s, "allOf")
		delete(s, "type")
		s["anyOf"] = []any{object{"allOf": parts}, object{"type": "null"}}
	} else if kind, has := s["type"]; has {
		s["type"] = []any{kind, "null"}
	}
}
