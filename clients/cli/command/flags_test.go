package command

import (
	"maps"
	"testing"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
)

// A field whose name is that of a flag of the command, or of all commands, has a flag too.
func TestFieldsThatAreNamedLikeFlags(t *testing.T) {
	names := []string{"all", "request_all", "limit", "key", "help", "output", "author"}
	message := &descriptorpb.DescriptorProto{Name: proto.String("ListRequest")}
	for i, name := range names {
		message.Field = append(message.Field, &descriptorpb.FieldDescriptorProto{
			Name: proto.String(name), Number: proto.Int32(int32(i + 1)),
			Type: descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(),
		})
	}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("list.proto"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{message},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{contract: &contract{}}
	p.root()
	command := &cobra.Command{}
	command.Flags().Bool("all", false, "")
	command.Flags().Int("limit", 0, "")
	given := p.requestFlags(command, file.Messages().ByName("ListRequest"))
	expected := map[string]string{
		"request-all": "all", "request-request-all": "request_all", "request-limit": "limit",
		"request-key": "key", "request-help": "help", "request-output": "output", "author": "author",
	}
	if !maps.Equal(given, expected) {
		t.Errorf("got %v, expected %v", given, expected)
	}
}
