package openapi

import (
	"fmt"
	"regexp"

	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// rules reads buf.validate with the descriptors of the contract, so that the
// gateway does not depend on one version of it.
type rules struct{ types *dynamicpb.Types }

func newRules(files *protoregistry.Files) *rules { return &rules{dynamicpb.NewTypes(files)} }

// of returns the rules of a field; nil if it has none.
func (r *rules) of(field protoreflect.FieldDescriptor) protoreflect.Message {
	raw, err := proto.Marshal(field.Options())
	if err != nil {
		return nil
	}
	options := &descriptorpb.FieldOptions{}
	if (proto.UnmarshalOptions{Resolver: r.types}).Unmarshal(raw, options) != nil {
		return nil
	}
	var found protoreflect.Message
	options.ProtoReflect().Range(func(option protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if option.FullName() == "buf.validate.field" {
			found = value.Message()
		}
		return found == nil
	})
	return found
}

// apply adds a field's rules to its schema, and reports whether they require a
// value. A nil schema, that of a message, has no rules.
func (r *rules) apply(field protoreflect.FieldDescriptor, schema *openapi3.Schema) (required bool) {
	found := r.of(field)
	if found == nil {
		return false
	}
	if schema != nil {
		applyAll(found, schema)
	}
	return found.Get(found.Descriptor().Fields().ByName("required")).Bool()
}

func applyAll(found protoreflect.Message, schema *openapi3.Schema) {
	found.Range(func(kind protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if kind.Message() == nil || kind.IsList() {
			return true
		}
		rule := &rule{value.Message(), schema}
		rule.example()
		switch kind.Name() {
		case "string":
			rule.text()
		case "repeated":
			rule.list()
		case "map":
			rule.mapping()
		case "enum":
			rule.enum()
		case "bool", "float", "double", "int32", "uint32", "sint32", "fixed32", "sfixed32":
			rule.number()
		}
		return true
	})
}

// rule adds the rules of one kind, such as buf.validate.StringRules, to a schema.
type rule struct {
	protoreflect.Message
	schema *openapi3.Schema
}

func (r *rule) get(name protoreflect.Name) (protoreflect.Value, bool) {
	field := r.Descriptor().Fields().ByName(name)
	if field == nil || !r.Has(field) {
		return protoreflect.Value{}, false
	}
	return r.Message.Get(field), true
}

func (r *rule) length(name protoreflect.Name, set func(uint64)) {
	if v, ok := r.get(name); ok {
		set(v.Uint())
	}
}

var formats = map[protoreflect.Name]string{
	"uuid": "uuid", "email": "email", "hostname": "hostname", "ipv4": "ipv4", "ipv6": "ipv6",
	"uri": "uri", "uri_ref": "uri-reference",
}

func (r *rule) text() {
	s := r.schema
	r.length("min_len", func(n uint64) { s.MinLength = n })
	r.length("max_len", func(n uint64) { s.MaxLength = &n })
	r.length("len", func(n uint64) { s.MinLength, s.MaxLength = n, &n })
	if v, ok := r.get("pattern"); ok {
		s.Pattern = v.String()
	} else if v, ok := r.get("prefix"); ok {
		s.Pattern = "^" + regexp.QuoteMeta(v.String())
	}
	for name, format := range formats {
		if v, ok := r.get(name); ok && v.Bool() {
			s.Format, s.Pattern = format, ""
		}
	}
	if s.Format == "uuid" && s.Example == nil {
		s.Example = "01890a5d-ac96-774b-bcce-b302099a8057"
	}
	r.choices()
}

func (r *rule) number() {
	s := r.schema
	bound := func(name protoreflect.Name) *float64 {
		v, ok := r.get(name)
		if !ok {
			return nil
		}
		n := toFloat(v)
		return &n
	}
	gt, gte, lt, lte := bound("gt"), bound("gte"), bound("lt"), bound("lte")
	low, high := first(gte, gt), first(lte, lt)
	if low == nil || high == nil || *low <= *high { // else the rule is "outside of"
		if low != nil {
			s.Min = low
			s.ExclusiveMin = exclusive(gt != nil)
		}
		if high != nil {
			s.Max = high
			s.ExclusiveMax = exclusive(lt != nil)
		}
	}
	r.choices()
}

func (r *rule) enum() {
	if number, ok := r.schema.Example.(int32); ok {
		r.schema.Example = numberName(r.schema, int64(number))
	}
	refused := map[string]bool{}
	allowed := map[string]bool{}
	names := func(rule protoreflect.Name, into map[string]bool) {
		if v, ok := r.get(rule); ok {
			for i := range v.List().Len() {
				into[numberName(r.schema, v.List().Get(i).Int())] = true
			}
		}
	}
	names("in", allowed)
	names("not_in", refused)
	var kept []any
	for _, name := range r.schema.Enum {
		if text := name.(string); !refused[text] && (len(allowed) == 0 || allowed[text]) {
			kept = append(kept, name)
		}
	}
	r.schema.Enum = kept
}

// numberName returns the name of an enum value by its number, if the schema lists
// the values in the order of their numbers from 0; "" if not.
func numberName(schema *openapi3.Schema, number int64) string {
	if number < 0 || number >= int64(len(schema.Enum)) {
		return ""
	}
	return schema.Enum[number].(string)
}

func (r *rule) list() {
	r.length("min_items", func(n uint64) { r.schema.MinItems = n })
	r.length("max_items", func(n uint64) { r.schema.MaxItems = &n })
	if v, ok := r.get("unique"); ok {
		r.schema.UniqueItems = v.Bool()
	}
	if v, ok := r.get("items"); ok && r.schema.Items.Value != nil {
		applyAll(v.Message(), r.schema.Items.Value)
	}
}

func (r *rule) mapping() {
	r.length("min_pairs", func(n uint64) { r.schema.MinProps = n })
	r.length("max_pairs", func(n uint64) { r.schema.MaxProps = &n })
	if v, ok := r.get("values"); ok && r.schema.AdditionalProperties.Schema.Value != nil {
		applyAll(v.Message(), r.schema.AdditionalProperties.Schema.Value)
	}
}

// example adds the first example of the contract.
func (r *rule) example() {
	v, ok := r.get("example")
	if !ok || v.List().Len() == 0 {
		return
	}
	switch n := v.List().Get(0).Interface().(type) {
	case string, bool, int32, uint32, float32, float64:
		r.schema.Example = n
	case int64, uint64: // text in ProtoJSON
		r.schema.Example = fmt.Sprint(n)
	}
}

// choices adds the rules const, in and not_in.
func (r *rule) choices() {
	if v, ok := r.get("const"); ok {
		r.schema.Enum = []any{v.Interface()}
	}
	if v, ok := r.get("in"); ok {
		r.schema.Enum = values(v.List())
	}
	if v, ok := r.get("not_in"); ok {
		refuse(r.schema, values(v.List())...)
	}
}

func values(list protoreflect.List) []any {
	found := make([]any, list.Len())
	for i := range found {
		found[i] = list.Get(i).Interface()
	}
	return found
}
