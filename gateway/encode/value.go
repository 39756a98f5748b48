package encode

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unsafe"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// appendList appends a list. wire is the range of its values, which may have
// other fields between them; find has checked that it is well formed.
func (f *field) appendList(text, wire []byte, selected *Selection, depth int) (_ []byte, err error) {
	text = append(text, '[')
	begin := len(text)
	regular := wireType(f.kind)
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		wire = wire[n:]
		if number != f.Number() {
			wire = wire[protowire.ConsumeFieldValue(number, kind, wire):]
			continue
		}
		var v wireValue
		wire = wire[v.consume(number, kind, wire):]
		packed := v.last
		if kind == regular {
			packed = nil
		}
		for {
			if kind != regular {
				if n = v.consume(number, regular, packed); n < 0 {
					return nil, errIrregular
				}
				packed = packed[n:]
			}
			if len(text) > begin {
				text = append(text, ',')
			}
			if text, err = f.appendValue(text, v, selected, depth); err != nil {
				return nil, err
			}
			if len(packed) == 0 {
				break
			}
		}
	}
	return append(text, ']'), nil
}

// appendValue appends one value.
func (f *field) appendValue(text []byte, v wireValue, selected *Selection, depth int) ([]byte, error) {
	n := v.number
	switch f.kind {
	case protoreflect.StringKind:
		return appendString(text, unsafe.String(unsafe.SliceData(v.last), len(v.last)))
	case protoreflect.BoolKind:
		return strconv.AppendBool(text, n != 0), nil
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return strconv.AppendInt(text, signed(f.kind, n), 10), nil
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return strconv.AppendUint(text, uint64(uint32(n)), 10), nil
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return append(strconv.AppendInt(append(text, '"'), signed(f.kind, n), 10), '"'), nil
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return append(strconv.AppendUint(append(text, '"'), n, 10), '"'), nil
	case protoreflect.FloatKind:
		return appendFloat(text, float64(math.Float32frombits(uint32(n))), 32), nil
	case protoreflect.DoubleKind:
		return appendFloat(text, math.Float64frombits(n), 64), nil
	case protoreflect.BytesKind:
		return append(base64.StdEncoding.AppendEncode(append(text, '"'), v.last), '"'), nil
	case protoreflect.EnumKind:
		return f.appendEnum(text, protoreflect.EnumNumber(int32(n))), nil
	}
	if f.message != nil {
		return f.message.append(text, v.last, selected, depth+1)
	}
	return appendOwnForm(text, v.last, f.Message())
}

// signed returns the value of a signed integer.
func signed(kind protoreflect.Kind, n uint64) int64 {
	switch kind {
	case protoreflect.Int32Kind, protoreflect.Sfixed32Kind:
		return int64(int32(n))
	case protoreflect.Sint32Kind:
		return int64(int32(protowire.DecodeZigZag(n & math.MaxUint32)))
	case protoreflect.Sint64Kind:
		return protowire.DecodeZigZag(n)
	}
	return int64(n)
}

// appendEnum appends an enum value. Go decodes a closed enum as an open one, so an
// unknown number is written as it is for both.
func (f *field) appendEnum(text []byte, number protoreflect.EnumNumber) []byte {
	if f.enum.FullName() == "google.protobuf.NullValue" {
		return append(text, "null"...)
	}
	if known := f.enum.Values().ByNumber(number); known != nil {
		return append(append(append(text, '"'), known.Name()...), '"')
	}
	return strconv.AppendInt(text, int64(number), 10)
}

// appendOwnForm appends a message for which ProtoJSON has a form of its own.
func appendOwnForm(text, wire []byte, descriptor protoreflect.MessageDescriptor) ([]byte, error) {
	if descriptor.FullName() == "google.protobuf.Timestamp" {
		if text, ok := appendTimestamp(text, wire); ok {
			return text, nil
		}
	}
	found, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.FullName())
	if err != nil {
		return nil, err
	}
	message := found.New().Interface()
	if proto.Unmarshal(wire, message) != nil {
		return nil, errIrregular
	}
	written, err := protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", descriptor.FullName(), err)
	}
	compact := bytes.NewBuffer(text)
	err = json.Compact(compact, written)
	return compact.Bytes(), err
}

// appendTimestamp appends a google.protobuf.Timestamp. It fails if the message
// has unknown fields or no JSON form.
func appendTimestamp(text, wire []byte) ([]byte, bool) {
	var parts [3]uint64 // 1 is seconds, 2 is nanos
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		if n < 0 || number > 2 || kind != protowire.VarintType {
			return text, false
		}
		wire = wire[n:]
		if parts[number], n = protowire.ConsumeVarint(wire); n < 0 {
			return text, false
		}
		wire = wire[n:]
	}
	return appendTime(text, int64(parts[1]), int64(int32(parts[2])))
}
