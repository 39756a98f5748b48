// Package description reads what the engine has decided about a contract
// (proto/dataservice/v1/contract_description.proto).
package description

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/gen/engine"
)

// Description is the description of a contract. It does not change, and is safe for
// concurrent use.
type Description struct {
	limits    *engine.Limits
	methods   map[protoreflect.FullName]*engine.MethodDescription
	resources map[protoreflect.FullName]*engine.ResourceDescription
	oneValues map[protoreflect.FullName]bool
}

// Parse reads a description from JSON, the output of the schema tool's command
// `describe`.
func Parse(text []byte) (*Description, error) {
	message := &engine.ContractDescription{}
	if err := protojson.Unmarshal(text, message); err != nil {
		return nil, fmt.Errorf("the description of the contract: %w", err)
	}
	d := &Description{
		limits:    message.GetLimits(),
		methods:   map[protoreflect.FullName]*engine.MethodDescription{},
		resources: map[protoreflect.FullName]*engine.ResourceDescription{},
		oneValues: map[protoreflect.FullName]bool{},
	}
	for _, method := range message.GetMethods() {
		d.methods[protoreflect.FullName(method.GetName())] = method
	}
	for _, resource := range message.GetResources() {
		d.resources[protoreflect.FullName(resource.GetMessage())] = resource
	}
	for _, name := range message.GetOneValues() {
		d.oneValues[protoreflect.FullName(name)] = true
	}
	return d, nil
}

// Method returns the description of a method. It returns an error if the contract of
// the engine does not have the method.
func (d *Description) Method(method protoreflect.MethodDescriptor) (*engine.MethodDescription, error) {
	if found := d.methods[method.FullName()]; found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("%s is not in the description of the contract", method.FullName())
}

// Resource returns the description of a message that is a resource; nil for any
// other message.
func (d *Description) Resource(message protoreflect.MessageDescriptor) *engine.ResourceDescription {
	if message == nil {
		return nil
	}
	return d.resources[message.FullName()]
}

// ResourceByName returns the description of the resource with the full name of its message;
// nil if there is none.
func (d *Description) ResourceByName(name string) *engine.ResourceDescription {
	return d.resources[protoreflect.FullName(name)]
}

// IsOneValue reports whether an update replaces the message entirely, so that no
// field mask names a field of it.
func (d *Description) IsOneValue(message protoreflect.MessageDescriptor) bool {
	return message != nil && d.oneValues[message.FullName()]
}

// Limits returns the limits of the engine.
func (d *Description) Limits() *engine.Limits { return d.limits }

// IsBatch reports whether a method does several times, all or nothing, what another
// method does.
func IsBatch(kind engine.MethodKind) bool {
	switch kind {
	case engine.MethodKind_METHOD_KIND_BATCH_GET, engine.MethodKind_METHOD_KIND_BATCH_CREATE,
		engine.MethodKind_METHOD_KIND_BATCH_UPDATE, engine.MethodKind_METHOD_KIND_BATCH_DELETE:
		return true
	}
	return false
}
