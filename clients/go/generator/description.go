package main

import (
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// description is what the generator reads of a dataservice.v1.ContractDescription.
type description struct {
	methods   map[protoreflect.FullName]method
	resources map[protoreflect.FullName]resource
}

type method struct {
	Name, Kind, Resource, Element, Key, Body, Rows string
	UpdateMask                                     string `json:"update_mask"`
	RequestID                                      string `json:"request_id"`
	Import                                         struct {
		FailedCount string `json:"failed_count"`
		Failures    string
		Position    string
		Status      string
	}
}

type resource struct{ Message, Key, Etag string }

func parseDescription(text []byte) (description, error) {
	var read struct {
		Methods   []method
		Resources []resource
	}
	d := description{map[protoreflect.FullName]method{}, map[protoreflect.FullName]resource{}}
	if err := json.Unmarshal(text, &read); err != nil {
		return d, fmt.Errorf("description: %w", err)
	}
	for _, m := range read.Methods {
		d.methods[protoreflect.FullName(m.Name)] = m
	}
	for _, r := range read.Resources {
		d.resources[protoreflect.FullName(r.Message)] = r
	}
	return d, nil
}

// sibling returns the method of a kind and resource in a service, or nil.
func (d description) sibling(service *protogen.Service, kind, resource string) *protogen.Method {
	for _, m := range service.Methods {
		if found := d.methods[m.Desc.FullName()]; found.Kind == kind && found.Resource == resource {
			return m
		}
	}
	return nil
}

// effect returns the name of the dataservice.Effect of a method.
func (m method) effect() string {
	switch m.Kind {
	case "METHOD_KIND_GET", "METHOD_KIND_LIST", "METHOD_KIND_BATCH_GET", "METHOD_KIND_EXPORT":
		return "Read"
	case "METHOD_KIND_CUSTOM", "METHOD_KIND_UNSPECIFIED", "":
		return "Unknown"
	default:
		return "Write"
	}
}
