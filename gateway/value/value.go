// Package value reads values of Protobuf fields from text: path variables, query
// parameters and the keys of maps.
package value

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"dataservice/gateway/fields"
)

// Parse reads one value of a field, in the form that ProtoJSON has for it but
// without quotes. It reports whether the text is such a value.
func Parse(field protoreflect.FieldDescriptor, text string) (protoreflect.Value, bool) {
	switch field.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text), true
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(text == "true"), text == "true" || text == "false"
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		v, err := strconv.ParseInt(text, 10, 32)
		return protoreflect.ValueOfInt32(int32(v)), err == nil && isInteger(text)
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		v, err := strconv.ParseInt(text, 10, 64)
		return protoreflect.ValueOfInt64(v), err == nil && isInteger(text)
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		v, err := strconv.ParseUint(text, 10, 32)
		return protoreflect.ValueOfUint32(uint32(v)), err == nil && isInteger(text)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		v, err := strconv.ParseUint(text, 10, 64)
		return protoreflect.ValueOfUint64(v), err == nil && isInteger(text)
	case protoreflect.FloatKind:
		v, ok := parseFloat(text, 32)
		return protoreflect.ValueOfFloat32(float32(v)), ok
	case protoreflect.DoubleKind:
		v, ok := parseFloat(text, 64)
		return protoreflect.ValueOfFloat64(v), ok
	case protoreflect.BytesKind:
		v, ok := parseBase64(text)
		return protoreflect.ValueOfBytes(v), ok
	case protoreflect.EnumKind:
		return parseEnum(field.Enum(), text)
	default:
		return parseMessage(field.Message(), text)
	}
}

// isInteger reports whether a text that strconv accepts is an integer of JSON
// (RFC 8259, 6): without a plus sign and without leading zeros.
func isInteger(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	return digits[0] != '+' && (digits[0] != '0' || len(digits) == 1)
}

// number matches a number of JSON (RFC 8259, 6).
var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// parseFloat reads a number in the form of ProtoJSON.
func parseFloat(text string, bits int) (float64, bool) {
	if text != "NaN" && text != "Infinity" && text != "-Infinity" && !number.MatchString(text) {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, bits)
	return v, err == nil
}

// parseBase64 reads both alphabets, with or without padding, as ProtoJSON does.
func parseBase64(text string) ([]byte, bool) {
	encoding := base64.StdEncoding
	if strings.ContainsAny(text, "-_") {
		encoding = base64.URLEncoding
	}
	if len(text)%4 != 0 {
		encoding = encoding.WithPadding(base64.NoPadding)
	}
	v, err := encoding.DecodeString(text)
	return v, err == nil
}

func parseEnum(enum protoreflect.EnumDescriptor, text string) (protoreflect.Value, bool) {
	if known := enum.Values().ByName(protoreflect.Name(text)); known != nil {
		return protoreflect.ValueOfEnum(known.Number()), true
	}
	number, err := strconv.ParseInt(text, 10, 32)
	if err != nil || !isInteger(text) || enum.Values().ByNumber(protoreflect.EnumNumber(number)) == nil {
		return protoreflect.Value{}, false
	}
	return protoreflect.ValueOfEnum(protoreflect.EnumNumber(number)), true
}

// parseMessage reads a message that ProtoJSON writes as a string, a number or a
// boolean.
func parseMessage(message protoreflect.MessageDescriptor, text string) (protoreflect.Value, bool) {
	kind := wellKnown(message)
	if kind == notWellKnown {
		return protoreflect.Value{}, false
	}
	if kind == wellKnownMask {
		return protoreflect.ValueOfMessage(parseMask(text).ProtoReflect()), true
	}
	found, err := protoregistry.GlobalTypes.FindMessageByName(message.FullName())
	if err != nil {
		return protoreflect.Value{}, false
	}
	v := found.New()
	if kind == wellKnownWrapper {
		field := message.Fields().ByName("value")
		value, ok := Parse(field, text)
		if ok {
			v.Set(v.Descriptor().Fields().ByNumber(field.Number()), value)
		}
		return protoreflect.ValueOfMessage(v), ok
	}
	quoted, err := json.Marshal(text)
	if err != nil || protojson.Unmarshal(quoted, v.Interface()) != nil {
		return protoreflect.Value{}, false
	}
	return protoreflect.ValueOfMessage(v), true
}

// parseMask reads a field mask: paths of proto or JSON names, separated by
// commas. A text in backquotes is a key, such as that of a map, and stays as it
// is (AIP-161). The server checks whether the paths are valid.
func parseMask(text string) *fieldmaskpb.FieldMask {
	mask := &fieldmaskpb.FieldMask{}
	quoted := false
	paths := strings.FieldsFunc(text, func(c rune) bool {
		if c == '`' {
			quoted = !quoted
		}
		return c == ',' && !quoted
	})
	for _, path := range paths {
		if path = strings.TrimSpace(path); path != "" {
			mask.Paths = append(mask.Paths, fields.SnakeCase(path))
		}
	}
	return mask
}

// IsScalar reports whether the message is one that Parse reads.
func IsScalar(message protoreflect.MessageDescriptor) bool { return wellKnown(message) != notWellKnown }

type wellKnownKind int

const (
	notWellKnown wellKnownKind = iota
	wellKnownTime
	wellKnownDuration
	wellKnownMask
	wellKnownWrapper
)

func wellKnown(message protoreflect.MessageDescriptor) wellKnownKind {
	switch message.FullName() {
	case "google.protobuf.Timestamp":
		return wellKnownTime
	case "google.protobuf.Duration":
		return wellKnownDuration
	case "google.protobuf.FieldMask":
		return wellKnownMask
	case "google.protobuf.StringValue", "google.protobuf.BytesValue", "google.protobuf.BoolValue",
		"google.protobuf.Int32Value", "google.protobuf.Int64Value", "google.protobuf.UInt32Value",
		"google.protobuf.UInt64Value", "google.protobuf.FloatValue", "google.protobuf.DoubleValue":
		return wellKnownWrapper
	}
	return notWellKnown
}
