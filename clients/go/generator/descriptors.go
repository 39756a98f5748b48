package main

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

func readDescriptors(file string) (*descriptorpb.FileDescriptorSet, error) {
	bytes, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	set := &descriptorpb.FileDescriptorSet{}
	if err := proto.Unmarshal(bytes, set); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return set, nil
}

// generationRequest returns the request to the plugins: the contract's files and those
// that they use, without the options of rules, routes and tables. A client does not need
// these options, and a program could not link the code of their definitions twice.
func generationRequest(set *descriptorpb.FileDescriptorSet, s settings) (*pluginpb.CodeGeneratorRequest, error) {
	files, err := protodesc.NewFiles(set)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, name := range s.files {
		if err := markUsed(files, name, used); err != nil {
			return nil, err
		}
	}
	request := &pluginpb.CodeGeneratorRequest{}
	var mapping []string
	for _, file := range set.GetFile() {
		name := file.GetName()
		if !used[name] {
			continue
		}
		prune(file, used)
		request.ProtoFile = append(request.ProtoFile, file)
		if isPublished(name) {
			continue
		}
		request.FileToGenerate = append(request.FileToGenerate, name)
		mapping = append(mapping, fmt.Sprintf("M%s=%s;%s", name, path.Join(s.module, path.Dir(name)), packageName(file.GetPackage())))
	}
	parameter := strings.Join(append(mapping, "module="+s.module), ",")
	request.Parameter = &parameter
	return request, nil
}

// isPublished reports whether a Go module has the code of the file. These files have a
// go_package.
func isPublished(name string) bool {
	return slices.ContainsFunc([]string{"google/protobuf/", "google/api/", "google/rpc/", "google/type/"},
		func(folder string) bool { return strings.HasPrefix(name, folder) })
}

// packageName returns the Go name of a proto package: bookstorev1 for bookstore.v1.
func packageName(name string) string {
	parts := strings.Split(name, ".")
	return strings.ReplaceAll(strings.Join(parts[max(0, len(parts)-2):], ""), "_", "")
}

// markUsed marks a file and those with the messages and enums that it refers to.
func markUsed(files interface {
	FindFileByPath(string) (protoreflect.FileDescriptor, error)
}, name string, used map[string]bool) error {
	if used[name] {
		return nil
	}
	file, err := files.FindFileByPath(name)
	if err != nil {
		return err
	}
	used[name] = true
	referenced := map[string]bool{}
	messages := func(list protoreflect.MessageDescriptors) { markMessages(list, referenced) }
	messages(file.Messages())
	for i := range file.Services().Len() {
		methods := file.Services().Get(i).Methods()
		for n := range methods.Len() {
			referenced[methods.Get(n).Input().ParentFile().Path()] = true
			referenced[methods.Get(n).Output().ParentFile().Path()] = true
		}
	}
	for other := range referenced {
		if err := markUsed(files, other, used); err != nil {
			return err
		}
	}
	return nil
}

func markMessages(messages protoreflect.MessageDescriptors, referenced map[string]bool) {
	for i := range messages.Len() {
		message := messages.Get(i)
		markMessages(message.Messages(), referenced)
		for n := range message.Fields().Len() {
			field := message.Fields().Get(n)
			if field.Message() != nil {
				referenced[field.Message().ParentFile().Path()] = true
			}
			if field.Enum() != nil {
				referenced[field.Enum().ParentFile().Path()] = true
			}
		}
	}
}

// prune removes the imports of unused files, and all options that are extensions: the
// generator does not know them, so they are unknown fields.
func prune(file *descriptorpb.FileDescriptorProto, used map[string]bool) {
	file.Dependency = slices.DeleteFunc(file.Dependency, func(name string) bool { return !used[name] })
	file.PublicDependency, file.WeakDependency = nil, nil
	dropUnknown(file.ProtoReflect())
}

func dropUnknown(message protoreflect.Message) {
	message.SetUnknown(nil)
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.Message() == nil:
		case field.IsList():
			for i := range value.List().Len() {
				dropUnknown(value.List().Get(i).Message())
			}
		default:
			dropUnknown(value.Message())
		}
		return true
	})
}
