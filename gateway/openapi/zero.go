package openapi

import (
	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// refuseZero excludes the zero value from the schema of a required field without
// presence.
func refuseZero(field protoreflect.FieldDescriptor, schema *openapi3.Schema) {
	if field.HasPresence() || schema == nil {
		return
	}
	switch {
	case field.IsList():
		schema.MinItems = max(schema.MinItems, 1)
	case field.IsMap():
		schema.MinProps = max(schema.MinProps, 1)
	default:
		refuseZeroValue(field, schema)
	}
}

func refuseZeroValue(field protoreflect.FieldDescriptor, schema *openapi3.Schema) {
	switch field.Kind() {
	case protoreflect.StringKind, protoreflect.BytesKind:
		schema.MinLength = max(schema.MinLength, 1)
	case protoreflect.BoolKind:
		schema.Enum = []any{true}
	case protoreflect.EnumKind:
		zero := string(field.Enum().Values().ByNumber(0).Name())
		for i, name := range schema.Enum {
			if name == zero {
				schema.Enum = append(schema.Enum[:i:i], schema.Enum[i+1:]...)
				break
			}
		}
	default:
		switch {
		case schema.Type.Is("string"): // 64 bits
			refuse(schema, "0")
		case schema.Min == nil || *schema.Min <= 0:
			refuse(schema, 0)
		}
	}
}

// refuse excludes values from a schema.
func refuse(schema *openapi3.Schema, values ...any) {
	if schema.Not == nil {
		schema.Not = (&openapi3.Schema{}).NewRef()
	}
	schema.Not.Value.Enum = append(schema.Not.Value.Enum, values...)
}

func exclusive(is bool) openapi3.ExclusiveBound {
	if !is {
		return openapi3.ExclusiveBound{}
	}
	return openapi3.ExclusiveBound{Bool: &is}
}

func first(values ...*float64) *float64 {
	for _, v := range values {
		if v != nil {
			return v
		}
	}
	return nil
}

func toFloat(v protoreflect.Value) float64 {
	switch n := v.Interface().(type) {
	case int32:
		return float64(n)
	case int64:
		return float64(n)
	case uint32:
		return float64(n)
	case uint64:
		return float64(n)
	case float32:
		return float64(n)
	case float64:
		return n
	}
	return 0
}
