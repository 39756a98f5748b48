package encode

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
	packed, _ := anypb.New(&depot.Size{Width: 1})
	for _, message := range []proto.Message{
		packed, structpb.NewNullValue(), &durationpb.Duration{Seconds: -1, Nanos: -5},
		&timestamppb.Timestamp{Seconds: minSeconds}, &timestamppb.Timestamp{Seconds: maxSeconds, Nanos: 999999999},
		&timestamppb.Timestamp{Seconds: minSeconds - 1}, &timestamppb.Timestamp{Nanos: -1},
	} {
		compareToProtoJSON(t, message)
	}
}

// everything selects all fields, including computed fields of inner messages.
var everything = func() *Selection {
	all := &Selection{computed: true}
	all.fields = map[protoreflect.Name]*Selection{"items": all, "size": all}
	return all
}()

func compareToProtoJSON(t *testing.T, message proto.Message) {
	t.Helper()
	wire, err := proto.Marshal(message)
	if err != nil {
		return // a string that is not valid UTF-8
	}
	compareWire(t, message, wire)
	if len(wire) == 0 {
		return
	}
	// Damaged and repeated data is what the decoded message says.
	damaged := append(bytes.Clone(wire), wire[:len(wire)/2]...)
	damaged[len(wire)/3] ^= 1 << (len(wire) % 8)
	for _, text := range [][]byte{damaged, damaged[:len(wire)], append(bytes.Clone(wire), wire...)} {
		decoded := message.ProtoReflect().New().Interface()
		if proto.Unmarshal(text, decoded) == nil {
			compareWire(t, decoded, text)
		}
	}
}

// compareWire compares the JSON of wire data with that of the message.
func compareWire(t *testing.T, message proto.Message, wire []byte) {
	t.Helper()
	got, gotErr := For(message.ProtoReflect().Descriptor()).Append([]byte("before "), wire, nil, everything)
	text, wantErr := protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(message)
	if (gotErr == nil) != (wantErr == nil) {
		t.Fatalf("%s: error %v, of protojson %v: %x %s", message.ProtoReflect().Descriptor().FullName(), gotErr, wantErr, wire, text)
	}
	if wantErr != nil {
		return
	}
	want := bytes.NewBufferString("before ")
	if err := json.Compact(want, text); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Fatalf("%s\nis not protojson's\n%s", got, want)
	}
}

func TestPartOfAnAnswer(t *testing.T) {
	item := &depot.Item{Id: "1", Levels: map[string]int32{"b": 2, "a": 1}, Size: &depot.Size{Width: 3}}
	wire, err := proto.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	descriptor := item.ProtoReflect().Descriptor()
	for name, want := range map[protoreflect.Name]string{
		"id": `"1"`, "levels": `{"a":1,"b":2}`, "size": `{"width":3,"heightMm":0}`, "tags": `[]`, "amount": `0`,
		"note": `null`, "best_before": `null`, "racks": `{}`,
	} {
		got, err := For(descriptor).Append(nil, wire, descriptor.Fields().ByName(name), nil)
		if err != nil || string(got) != want {
			t.Errorf("%s is %s (%v), not %s", name, got, err, want)
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
