package command

import (
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// set sets the field of a path (size.width) to a value in text: numbers and words as they
// are, strings without quotes, lists and messages in JSON.
func (c *contract) set(message protoreflect.Message, path, value string) error {
	name, rest, nested := strings.Cut(path, ".")
	field := fieldOf(message.Descriptor(), name)
	if field == nil {
		return usageError{fmt.Errorf("%s has no field %s", message.Descriptor().Name(), name)}
	}
	if nested {
		if field.Message() == nil || field.IsList() || field.IsMap() {
			return usageError{fmt.Errorf("%s has no parts", name)}
		}
		return c.set(message.Mutable(field).Message(), rest, value)
	}
	parsed := dynamicpb.NewMessage(message.Descriptor())
	text := fmt.Sprintf("{%q:%s}", field.JSONName(), jsonValue(field, value))
	options := protojson.UnmarshalOptions{Resolver: c.types}
	if err := options.Unmarshal([]byte(text), parsed); err != nil {
		return usageError{fmt.Errorf("%s: %q is no %s", path, value, typeName(field))}
	}
	message.Set(field, parsed.Get(field))
	return nil
}

// fieldOf finds a field by its name, or by its name in JSON.
func fieldOf(message protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	if field := message.Fields().ByName(protoreflect.Name(name)); field != nil {
		return field
	}
	return message.Fields().ByJSONName(name)
}

func jsonValue(field protoreflect.FieldDescriptor, value string) string {
	isJSON := json.Valid([]byte(value))
	compound := field.IsList() || field.IsMap() || field.Message() != nil
	switch kind := field.Kind(); {
	case compound && isJSON && strings.ContainsAny(value[:1], "{["):
		return value
	case !compound && isJSON && kind != protoreflect.StringKind && kind != protoreflect.BytesKind:
		return value
	}
	quoted, _ := json.Marshal(value)
	return string(quoted)
}

// typeName returns the type of a field for people.
func typeName(field protoreflect.FieldDescriptor) string {
	name := field.Kind().String()
	switch {
	case field.IsMap():
		return "map of " + typeName(field.MapValue())
	case field.Message() != nil:
		name = string(field.Message().FullName())
	case field.Enum() != nil:
		name = string(field.Enum().FullName())
	}
	if field.IsList() {
		return "list of " + name
	}
	return name
}

// setAll sets fields from flags of the form path=value.
func (c *contract) setAll(message protoreflect.Message, assignments []string) error {
	for _, assignment := range assignments {
		path, value, ok := strings.Cut(assignment, "=")
		if !ok {
			return usageError{fmt.Errorf("--set needs the form field=value: %s", assignment)}
		}
		if err := c.set(message, path, value); err != nil {
			return err
		}
	}
	return nil
}

// setString sets a field of a request that has a role.
func setString(message *dynamicpb.Message, name, value string) {
	message.Set(message.Descriptor().Fields().ByName(protoreflect.Name(name)), protoreflect.ValueOfString(value))
}

func setMessage(message *dynamicpb.Message, name string, value protoreflect.Message) {
	message.Set(message.Descriptor().Fields().ByName(protoreflect.Name(name)), protoreflect.ValueOfMessage(value))
}

// setMask sets a field mask, which is of the contract's own descriptors.
func setMask(message *dynamicpb.Message, name string, paths []string) {
	mask := message.Mutable(message.Descriptor().Fields().ByName(protoreflect.Name(name))).Message()
	list := mask.Mutable(mask.Descriptor().Fields().ByName("paths")).List()
	for _, path := range paths {
		list.Append(protoreflect.ValueOfString(path))
	}
}
