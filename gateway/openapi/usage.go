package openapi

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/description"
	"dataservice/gateway/gen/engine"
)

// usage records where the methods of a contract use messages and fields.
type usage struct {
	// changed are the request fields that hold the resource of an update (AIP-134).
	changed map[protoreflect.FullName]bool
	// requested are the messages that a request can contain.
	requested map[protoreflect.FullName]bool
	// entire are the responses that always have all of their fields.
	entire map[protoreflect.FullName]bool
}

// usageOf returns an error if the description lacks a method of the services.
func usageOf(services []protoreflect.ServiceDescriptor, contract *description.Description) (*usage, error) {
	u := &usage{
		changed:   map[protoreflect.FullName]bool{},
		requested: map[protoreflect.FullName]bool{},
		entire:    map[protoreflect.FullName]bool{},
	}
	for _, service := range services {
		for i := range service.Methods().Len() {
			descriptor := service.Methods().Get(i)
			method, err := contract.Method(descriptor)
			if err != nil {
				return nil, err
			}
			u.addRequested(descriptor.Input())
			if method.GetKind() == engine.MethodKind_METHOD_KIND_UPDATE {
				u.changed[descriptor.Input().FullName().Append(protoreflect.Name(method.GetBody()))] = true
			}
			// A resource lacks its computed fields, and whatever a read mask does not name.
			masked := method.GetReadMask() != "" && method.GetRows() == ""
			if contract.Resource(descriptor.Output()) == nil && !masked {
				u.entire[descriptor.Output().FullName()] = true
			}
		}
	}
	return u, nil
}

func (u *usage) addRequested(message protoreflect.MessageDescriptor) {
	if u.requested[message.FullName()] {
		return
	}
	u.requested[message.FullName()] = true
	for i := range message.Fields().Len() {
		if inner := message.Fields().Get(i).Message(); inner != nil {
			u.addRequested(inner)
		}
	}
}

// isEntireAnswer reports whether a message is only a response, and always has the fields
// without presence.
func (u *usage) isEntireAnswer(message protoreflect.MessageDescriptor) bool {
	return u.entire[message.FullName()] && !u.requested[message.FullName()]
}
