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
	// Line is a route of the Create method with the same request: a line of the
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
		if string(other.Method.FullName()) == r.method.GetElement() && other.Body != nil && other.BodyMessage() != nil {
			i.Line = other
		}
	}
	if i.Line == nil {
		return nil, fmt.Errorf("%s has a route, so that %s needs one whose body is the resource: a line of the import has its form",
			r.Method.FullName(), r.method.GetElement())
	}
	answer, names := r.Method.Output(), r.method.GetImport()
	i.Imported = named(answer.Fields(), names.GetImportedCount())
	i.Failed = named(answer.Fields(), names.GetFailedCount())
	i.Failures = named(answer.Fields(), names.GetFailures())
	failure := i.Failures.Message().Fields()
	i.Position, i.Status = named(failure, names.GetPosition()), named(failure, names.GetStatus())
	var err error
	i.Answer, err = protoregistry.GlobalTypes.FindMessageByName(answer.FullName())
	return i, err
}
