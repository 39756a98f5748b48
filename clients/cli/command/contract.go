package command

import (
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"dataservice/client/dataservice"
)

// method is a method of the contract, with the fields that have a role.
type method struct {
	Name, Kind, Resource, Element, Key, Body, Rows, Etag string
	UpdateMask                                           string `json:"update_mask"`
	ReadMask                                             string `json:"read_mask"`
	RequestID                                            string `json:"request_id"`
	Import                                               struct {
		FailedCount                string `json:"failed_count"`
		Failures, Position, Status string
	}

	descriptor protoreflect.MethodDescriptor
}

// path returns the gRPC name of the method.
func (m *method) path() string {
	return fmt.Sprintf("/%s/%s", m.descriptor.Parent().FullName(), m.descriptor.Name())
}

func (m *method) request() *dynamicpb.Message { return dynamicpb.NewMessage(m.descriptor.Input()) }

func (m *method) response() *dynamicpb.Message { return dynamicpb.NewMessage(m.descriptor.Output()) }

// resource is a message that is stored, with its methods by kind (GET, LIST, ...).
type resource struct {
	descriptor protoreflect.MessageDescriptor
	key, etag  string
	// computed are the fields that the service returns only if a read mask names them.
	computed []string
	methods  map[string]*method
}

// commandName returns the name of the resource's command: order-line for OrderLine.
func (r *resource) commandName() string { return kebab(string(r.descriptor.Name())) }

func kebab(name string) string {
	var out strings.Builder
	for i, c := range name {
		if c >= 'A' && c <= 'Z' && i > 0 {
			out.WriteByte('-')
		}
		out.WriteRune(c)
	}
	return strings.ReplaceAll(strings.ToLower(out.String()), "_", "-")
}

// contract is what the program knows of its contract.
type contract struct {
	types     *dynamicpb.Types
	methods   dataservice.Contract
	all       map[string]*method
	resources []*resource
	custom    []*customGroup
}

// customGroup has the methods of a service that are no standard ones.
type customGroup struct {
	service protoreflect.ServiceDescriptor
	methods []*method
}

func loadContract(descriptors, description []byte) (*contract, error) {
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(descriptors, &set); err != nil {
		return nil, err
	}
	files, err := protodesc.NewFiles(&set)
	if err != nil {
		return nil, err
	}
	var described struct {
		Methods   []*method
		Resources []struct {
			Message, Key, Etag string
			Computed           []string
		}
	}
	if err := json.Unmarshal(description, &described); err != nil {
		return nil, err
	}
	c := &contract{types: dynamicpb.NewTypes(files), methods: dataservice.Contract{}, all: map[string]*method{}}
	found := map[string]*resource{}
	for _, r := range described.Resources {
		descriptor, err := files.FindDescriptorByName(protoreflect.FullName(r.Message))
		if err != nil {
			return nil, err
		}
		found[r.Message] = &resource{descriptor.(protoreflect.MessageDescriptor), r.Key, r.Etag, r.Computed, map[string]*method{}}
		c.resources = append(c.resources, found[r.Message])
	}
	for _, m := range described.Methods {
		if err := c.add(files, m, found[m.Resource]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *contract) add(files *protoregistry.Files, m *method, of *resource) error {
	descriptor, err := files.FindDescriptorByName(protoreflect.FullName(m.Name))
	if err != nil {
		return err
	}
	m.descriptor = descriptor.(protoreflect.MethodDescriptor)
	kind := strings.TrimPrefix(m.Kind, "METHOD_KIND_")
	effect := dataservice.Write
	switch kind {
	case "GET", "LIST", "BATCH_GET", "EXPORT":
		effect = dataservice.Read
	case "CUSTOM":
		effect = dataservice.Unknown
	}
	c.methods[m.path()] = dataservice.Method{Effect: effect, RequestID: m.RequestID}
	c.all[m.Name] = m
	switch {
	case of != nil:
		of.methods[kind] = m
	case kind == "CUSTOM" && !m.descriptor.IsStreamingClient() && !m.descriptor.IsStreamingServer():
		c.addCustom(m)
	}
	return nil
}

func (c *contract) addCustom(m *method) {
	service := m.descriptor.Parent().(protoreflect.ServiceDescriptor)
	if n := len(c.custom); n == 0 || c.custom[n-1].service.FullName() != service.FullName() {
		c.custom = append(c.custom, &customGroup{service: service})
	}
	group := c.custom[len(c.custom)-1]
	group.methods = append(group.methods, m)
}

// comment returns the comment of an element of the contract.
func comment(d protoreflect.Descriptor) string {
	text := d.ParentFile().SourceLocations().ByDescriptor(d).LeadingComments
	return strings.Join(strings.Fields(text), " ")
}
