package contract

import (
	"cmp"
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// Import describes a method that imports rows: its lines and its answer.
type Import struct {
	// Line is a route of the unary method with the same request: a line of the
	// import has the form of its body.
	Line *Route
	// Answer is the Go type of the answer. The others are fields of the answer,
	// and Position and Status those of one failure.
	Answer                                       protoreflect.MessageType
	Imported, Failed, Failures, Position, Status protoreflect.FieldDescriptor
}

func newImport(r *Route, routes []*Route) (*Import, error) {
	i := &Import{}
	sorted := slices.SortedFunc(slices.Values(routes), func(a, b *Route) int {
		return cmp.Or(cmp.Compare(a.Verb, b.Verb), cmp.Compare(a.Path.String(), b.Path.String()))
	})
	for _, other := range sorted {
		if other.Method.Input() == r.Method.Input() && other.Body != nil && other.BodyMessage() != nil {
			i.Line = other
		}
	}
	answer := r.Method.Output()
	i.Imported, i.Failed = answer.Fields().ByName("imported_count"), answer.Fields().ByName("failed_count")
	if i.Failures = answer.Fields().ByName("failures"); i.Failures != nil && i.Failures.IsList() && i.Failures.Message() != nil {
		i.Position = i.Failures.Message().Fields().ByName("position")
		i.Status = i.Failures.Message().Fields().ByName("status")
	}
	if i.Line == nil || i.Imported == nil || i.Failed == nil || i.Position == nil || i.Status == nil {
		return nil, fmt.Errorf("%s is a client stream, but not an import: it must have the request of a unary method with "+
			"a body, and an answer with imported_count, failed_count and failures with position and status", r.Method.FullName())
	}
	var err error
	i.Answer, err = protoregistry.GlobalTypes.FindMessageByName(answer.FullName())
	return i, err
}
