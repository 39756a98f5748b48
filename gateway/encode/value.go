package edge

import (
	"encoding/base64"
	"math"
	"strconv"
	"unsafe"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// appendWireList writes a list from the part of the wire where its values are,
// others between them.
func (f *fieldEncoder) appendWireList(text, wire []byte, selected *selection, depth int) (_ []byte, ok bool) {
	text = append(text, '[')
	begin := len(text)
	wanted := wireType(f.kind)
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire) // find has seen that it is well formed
		wire = wire[n:]
		if number != f.Number() {
			wire = wire[protowire.ConsumeFieldValue(number, kind, wire):]
			continue
		}
		value, bytes, n := consume(kind, wire)
		wire = wire[n:]
		packed := bytes
		if kind == wanted {
			packed = nil
		}
		for {
			if kind != wanted {
				if value, _, n = consume(wanted, packed); n < 0 {
					return text, false
				}
				packed = packed[n:]
			}
			if len(text) > begin {
				text = append(text, ',')
			}
			if text, ok = f.appendWireValue(text, value, bytes, selected, depth); !ok {
				return text, false
			}
			if len(packed) == 0 {
				break
			}
		}
	}
	return append(text, ']'), true
}

// appendWireValue writes one value: a number as it is on the wire, or bytes.
func (f *fieldEncoder) appendWireValue(text []byte, n uint64, bytes []byte, selected *selection, depth int) ([]byte, bool) {
	switch f.kind {
	case protoreflect.StringKind:
		text, err := appendString(text, unsafe.String(unsafe.SliceData(bytes), len(bytes)))
		return text, err == nil
	case protoreflect.BoolKind:
		return strconv.AppendBool(text, n != 0), true
	case protoreflect.Int32Kind, protoreflect.Sfixed32Kind:
		return strconv.AppendInt(text, int64(int32(n)), 10), true
	case protoreflect.Sint32Kind:
		return strconv.AppendInt(text, int64(int32(protowire.DecodeZigZag(n&math.MaxUint32))), 10), true
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return strconv.AppendUint(text, uint64(uint32(n)), 10), true
	case protoreflect.Int64Kind, protoreflect.Sfixed64Kind:
		return append(strconv.AppendInt(append(text, '"'), int64(n), 10), '"'), true
	case protoreflect.Sint64Kind:
		return append(strconv.AppendInt(append(text, '"'), protowire.DecodeZigZag(n), 10), '"'), true
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return append(strconv.AppendUint(append(text, '"'), n, 10), '"'), true
	case protoreflect.FloatKind:
		return appendFloat(text, float64(math.Float32frombits(uint32(n))), 32), true
	case protoreflect.DoubleKind:
		return appendFloat(text, math.Float64frombits(n), 64), true
	case protoreflect.BytesKind:
		return append(base64.StdEncoding.AppendEncode(append(text, '"'), bytes), '"'), true
	case protoreflect.EnumKind:
		return f.appendEnum(text, protoreflect.EnumNumber(int32(n))), true
	}
	if f.message != nil {
		return f.message.appendWire(text, bytes, selected, depth+1)
	}
	return appendWireWellKnown(text, bytes, f.value.Message())
}

// appendWireWellKnown decodes a message with a form of its own, unless it is a
// time.
func appendWireWellKnown(text, wire []byte, kind protoreflect.MessageDescriptor) ([]byte, bool) {
	if kind.FullName() == "google.protobuf.Timestamp" {
		return appendWireTime(text, wire)
	}
	known, err := protoregistry.GlobalTypes.FindMessageByName(kind.FullName())
	if err != nil {
		return text, false
	}
	message, err := unmarshal(wire, known)
	if err != nil {
		return text, false
	}
	text, err = appendWellKnown(text, message)
	return text, err == nil
}

func appendWireTime(text, wire []byte) ([]byte, bool) {
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
	return appendStamp(text, int64(parts[1]), int64(int32(parts[2])))
}
