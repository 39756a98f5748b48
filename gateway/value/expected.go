package value

import (
	"fmt"
	"math"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Expected describes the values that a field accepts, as the end of a sentence
// about the field.
func Expected(field protoreflect.FieldDescriptor) string {
	switch field.Kind() {
	case protoreflect.StringKind:
		return "must be a string"
	case protoreflect.BoolKind:
		return "must be true or false"
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return fmt.Sprintf("must be a whole number from %d to %d", math.MinInt32, math.MaxInt32)
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return "must be a whole number of 64 bits"
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return fmt.Sprintf("must be a whole number from 0 to %d", uint32(math.MaxUint32))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return "must be a whole number of 64 bits, 0 or more"
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return "must be a number"
	case protoreflect.BytesKind:
		return "must be base64 text"
	case protoreflect.EnumKind:
		return "must be one of " + enumNames(field.Enum())
	}
	switch message := field.Message(); wellKnown(message) {
	case wellKnownTime:
		return "must be a time such as 2001-02-03T04:05:06Z (RFC 3339)"
	case wellKnownDuration:
		return "must be a duration in seconds, such as 1.5s"
	case wellKnownMask:
		return "must be names of fields with commas between"
	case wellKnownWrapper:
		return Expected(message.Fields().ByName("value"))
	}
	return "must be an object"
}

func enumNames(enum protoreflect.EnumDescriptor) string {
	const shown = 20
	var names []string
	for i := range min(enum.Values().Len(), shown) {
		names = append(names, string(enum.Values().Get(i).Name()))
	}
	if enum.Values().Len() > shown {
		names = append(names, "...")
	}
	return strings.Join(names, ", ")
}
