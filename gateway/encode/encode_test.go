package edge

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	validate "dataservice/gateway/gen/testdepot/pb/buf/validate"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

// The encoder writes what protojson writes, less its spaces, for messages of
// every kind of field with every kind of value.
func TestEncoderIsProtoJSON(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, message := range []proto.Message{
		&depot.Item{}, &depot.ListItemsResponse{}, &depot.ListItemsRequest{}, &validate.FieldRules{}, &structpb.Struct{}, &emptypb.Empty{},
	} {
		for range 2000 {
			m := message.ProtoReflect().New()
			fill(m, random, 0)
			compareToProtoJSON(t, m.Interface())
		}
	}
	if writtenFromWire < 1000 {
		t.Errorf("only %d messages were written from their wire bytes", writtenFromWire)
	}
	packed, _ := anypb.New(&depot.Size{Width: 1})
	for _, message := range []proto.Message{
		packed, structpb.NewNullValue(), &durationpb.Duration{Seconds: -1, Nanos: -5},
		&timestamppb.Timestamp{Seconds: minSeconds}, &timestamppb.Timestamp{Seconds: maxSeconds, Nanos: 999999999},
		&timestamppb.Timestamp{Seconds: minSeconds - 1}, &timestamppb.Timestamp{Nanos: -1},
	} {
		compareToProtoJSON(t, message)
	}
}

// everything selects all fields, computed ones of messages within, too.
var everything = func() *selection {
	all := &selection{computed: true}
	all.fields = map[protoreflect.Name]*selection{"items": all, "size": all}
	return all
}()

func compareToProtoJSON(t *testing.T, message proto.Message) {
	t.Helper()
	got, gotErr := marshal(message.ProtoReflect(), everything)
	compareToWire(t, message, got)
	text, wantErr := protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(message)
	if (gotErr == nil) != (wantErr == nil) {
		t.Fatalf("error %v, of protojson %v", gotErr, wantErr)
	}
	if wantErr != nil {
		return
	}
	var want bytes.Buffer
	if err := json.Compact(&want, text); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Fatalf("%s\nis not protojson's\n%s", got, &want)
	}
}

// compareToWire compares with what is written from the wire bytes, where it is.
func compareToWire(t *testing.T, message proto.Message, want []byte) {
	t.Helper()
	wire, err := proto.Marshal(message)
	if err != nil || isProtobuf(message.ProtoReflect().Descriptor()) {
		return
	}
	written, ok := encoderOf(message.ProtoReflect().Descriptor()).appendWire(nil, wire, everything, 0)
	if ok && !bytes.Equal(written, want) {
		t.Fatalf("from the wire\n%s\nis not that of the message\n%s", written, want)
	}
	if ok {
		writtenFromWire++
	}
	compareDamaged(t, message, wire)
}

var writtenFromWire int

// compareDamaged changes and repeats bytes: what is still written from the wire
// is what the decoded message says.
func compareDamaged(t *testing.T, message proto.Message, wire []byte) {
	t.Helper()
	if len(wire) == 0 {
		return
	}
	damaged := append(bytes.Clone(wire), wire[:len(wire)/2]...)
	damaged[len(wire)/3] ^= 1 << (len(wire) % 8)
	for _, text := range [][]byte{damaged, damaged[:len(wire)], append(bytes.Clone(wire), wire...)} {
		written, ok := encoderOf(message.ProtoReflect().Descriptor()).appendWire(nil, text, everything, 0)
		decoded := message.ProtoReflect().New()
		if !ok || proto.Unmarshal(text, decoded.Interface()) != nil {
			continue
		}
		if want, err := marshal(decoded, everything); err != nil || !bytes.Equal(written, want) {
			t.Fatalf("from the wire\n%s\nis not that of the message\n%s (%v)", written, want, err)
		}
	}
}

// fill gives random fields random values, the odd ones among them.
func fill(m protoreflect.Message, random *rand.Rand, depth int) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if random.IntN(2) == 0 || depth > 3 {
			continue
		}
		switch {
		case field.IsMap():
			for range random.IntN(4) {
				key := scalarValue(field.MapKey(), random).MapKey()
				entries := m.Mutable(field).Map()
				if field.MapValue().Message() != nil {
					fill(entries.Mutable(key).Message(), random, depth+1)
				} else {
					entries.Set(key, scalarValue(field.MapValue(), random))
				}
			}
		case field.IsList():
			for range random.IntN(4) {
				if field.Message() != nil {
					fill(m.Mutable(field).List().AppendMutable().Message(), random, depth+1)
				} else {
					m.Mutable(field).List().Append(scalarValue(field, random))
				}
			}
		case field.Message() != nil:
			fill(m.Mutable(field).Message(), random, depth+1)
		default:
			m.Set(field, scalarValue(field, random))
		}
	}
}

func scalarValue(field protoreflect.FieldDescriptor, random *rand.Rand) protoreflect.Value {
	strings := []string{"", "a", "\"\\/<>&\u2028", "\x00\x01\b\f\n\r\t\x1f\x7f", "ü€📚", "\xff", "\ufffd"}
	text := strings[random.IntN(len(strings))]
	if random.IntN(20) > 0 && text == "\xff" {
		text = "b"
	}
	n := []int64{0, 1, -1, math.MaxInt64, math.MinInt64, random.Int64()}[random.IntN(6)]
	x := []float64{
		0, math.Copysign(0, -1), 1, 0.1, 1e-6, 1e-7, 1e-10, 1e20, 1e21, 1e300, math.NaN(), math.Inf(1), math.Inf(-1),
		math.MaxFloat32, math.SmallestNonzeroFloat64, random.NormFloat64(),
	}[random.IntN(16)]
	switch field.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text)
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte(text))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(n > 0)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(n % 4))
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(n))
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(n))
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(n)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(uint64(n))
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(x))
	default:
		return protoreflect.ValueOfFloat64(x)
	}
}
