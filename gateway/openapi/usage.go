package openapi

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/description"
	"dataservice/gateway/gen/engine"
)

// role is what a method does with a field of its request.
type role int

const (
	noRole role = iota
	rolePageSize
	rolePageToken
	roleFilter
	roleOrderBy
	// roleRequestID is a field that REST requests give as the header Idempotency-Key.
	roleRequestID
	// roleKey is the key of a resource, or a list of keys.
	roleKey
	// roleEquality restricts a list to the rows with this value.
	roleEquality
	// roleElements are the elements of a batch.
	roleElements
)

// usage records where the methods of a contract use messages and fields.
type usage struct {
	contract *description.Description
	// changed are the request fields that hold the resource of an update (AIP-134).
	changed map[protoreflect.FullName]bool
	// requested are the messages that a request can contain.
	requested map[protoreflect.FullName]bool
	// masked are the response fields whose messages a read mask applies to.
	masked map[protoreflect.FullName]bool
	// entire are the responses that always have all of their fields.
	entire map[protoreflect.FullName]bool
	// roles are those of request fields, and stored the field of the resource for each
	// field with roleKey or roleEquality.
	roles  map[protoreflect.FullName]role
	stored map[protoreflect.FullName]protoreflect.FieldDescriptor
}

// usageOf returns an error if the description lacks a method of the services. messages are
// the resources, by name.
func usageOf(services []protoreflect.ServiceDescriptor, contract *description.Description,
	messages func(name string) protoreflect.MessageDescriptor,
) (*usage, error) {
	u := &usage{
		contract:  contract,
		changed:   map[protoreflect.FullName]bool{},
		requested: map[protoreflect.FullName]bool{},
		masked:    map[protoreflect.FullName]bool{},
		entire:    map[protoreflect.FullName]bool{},
		roles:     map[protoreflect.FullName]role{},
		stored:    map[protoreflect.FullName]protoreflect.FieldDescriptor{},
	}
	for _, service := range services {
		for i := range service.Methods().Len() {
			descriptor := service.Methods().Get(i)
			method, err := contract.Method(descriptor)
			if err != nil {
				return nil, err
			}
			u.addRequested(descriptor.Input())
			u.addRoles(descriptor, method, messages(method.GetResource()))
			if method.GetKind() == engine.MethodKind_METHOD_KIND_UPDATE {
				u.changed[descriptor.Input().FullName().Append(protoreflect.Name(method.GetBody()))] = true
			}
			// A resource lacks its computed fields, and whatever a read mask does not name.
			isMasked := method.GetReadMask() != "" && method.GetRows() == ""
			if contract.Resource(descriptor.Output()) == nil && !isMasked {
				u.entire[descriptor.Output().FullName()] = true
			}
			if method.GetReadMask() != "" && method.GetRows() != "" {
				u.masked[descriptor.Output().FullName().Append(protoreflect.Name(method.GetRows()))] = true
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

// addRoles records the roles of a method's request fields. resource is nil for a custom
// method.
func (u *usage) addRoles(descriptor protoreflect.MethodDescriptor, method *engine.MethodDescription,
	resource protoreflect.MessageDescriptor,
) {
	request := descriptor.Input().FullName()
	for name, role := range map[string]role{
		method.GetPageSize(): rolePageSize, method.GetPageToken(): rolePageToken, method.GetFilter(): roleFilter,
		method.GetOrderBy(): roleOrderBy, method.GetRequestId(): roleRequestID, method.GetKey(): roleKey,
	} {
		if name != "" {
			u.roles[request.Append(protoreflect.Name(name))] = role
		}
	}
	if resource == nil {
		return
	}
	key := resource.Fields().ByName(protoreflect.Name(u.contract.Resource(resource).GetKey()))
	if method.GetKey() != "" {
		u.stored[request.Append(protoreflect.Name(method.GetKey()))] = key
	}
	for i := range descriptor.Input().Fields().Len() {
		field := descriptor.Input().Fields().Get(i)
		same := resource.Fields().ByName(field.Name())
		switch {
		case u.roles[field.FullName()] != noRole:
		case method.GetKind() == engine.MethodKind_METHOD_KIND_LIST && same != nil && same.Kind() == field.Kind():
			u.roles[field.FullName()], u.stored[field.FullName()] = roleEquality, same
		case description.IsBatch(method.GetKind()) && field.IsList():
			u.roles[field.FullName()] = roleElements
		}
	}
}

// isEntireAnswer reports whether a message is only a response, and always has the fields
// without presence.
func (u *usage) isEntireAnswer(message protoreflect.MessageDescriptor) bool {
	return u.entire[message.FullName()] && !u.requested[message.FullName()]
}
