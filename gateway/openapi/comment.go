package openapi

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// comment returns the comment of an element of the contract, with one line for
// each paragraph and each item of a list.
func comment(d protoreflect.Descriptor) string {
	return joined(d.ParentFile().SourceLocations().ByDescriptor(d).LeadingComments)
}

// fileComment returns the comment at the beginning of a file.
func fileComment(file protoreflect.FileDescriptor) string {
	const syntax = 12 // of google.protobuf.FileDescriptorProto
	return joined(file.SourceLocations().ByPath(protoreflect.SourcePath{syntax}).LeadingComments)
}

// joined returns a comment with the lines of each paragraph joined.
func joined(text string) string {
	var lines []string
	joins := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		isItem := strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "- ")
		if joins && line != "" && !isItem {
			lines[len(lines)-1] += " " + line
		} else {
			lines = append(lines, line)
		}
		joins = line != ""
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// summary returns the first sentence of a comment, without its full stop.
func summary(comment string) string {
	first, _, _ := strings.Cut(comment, "\n")
	first, _, _ = strings.Cut(first, ". ")
	return strings.TrimSuffix(first, ".")
}
