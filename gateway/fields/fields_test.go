package fields_test

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"

	"dataservice/gateway/fields"
)

func TestAMaskMayUseEverySpellingOfAField(t *testing.T) {
	field := func(name, json string, number int32) *descriptorpb.FieldDescriptorProto {
		return &descriptorpb.FieldDescriptorProto{
			Name: &name, JsonName: &json, Number: &number,
			Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
			Type:  descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(),
		}
	}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("test.proto"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{{
			Name: proto.String("Thing"),
			Field: []*descriptorpb.FieldDescriptorProto{
				field("display_name", "theLabel", 1), field("label", "display", 2),
			},
		}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for spelling, want := range map[string]string{
		"display_name": "display_name", "theLabel": "display_name", "displayName": "display_name",
		"the_label": "display_name", "label": "label", "display": "label",
		"": "", "Label": "", "displayname": "", "DISPLAY_NAME": "",
	} {
		got := ""
		if found := fields.ByMaskName(file.Messages().Get(0), spelling); found != nil {
			got = string(found.Name())
		}
		if got != want {
			t.Errorf("%q: %q, not %q", spelling, got, want)
		}
	}
}
