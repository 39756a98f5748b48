// Package openapi makes the OpenAPI 3.0.3 document of a contract from its
// descriptors: routes from google.api.http, types as ProtoJSON writes them,
// and what values may be from field_behavior and buf.validate.
package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/route"
)

// generator holds the document while it grows.
type generator struct {
	document *openapi3.T
	rules    *rules
	// names are the components' names, by message.
	names map[protoreflect.FullName]string
	// services are those that have a name of the document, by that name.
	services map[string]protoreflect.FullName
}

// Generate makes the document of the services in the files with the given
// paths. The same contract always makes the same text.
func Generate(name string, files *protoregistry.Files, paths []string) ([]byte, error) {
	g := &generator{
		rules:    newRules(files),
		names:    map[protoreflect.FullName]string{},
		services: map[string]protoreflect.FullName{},
		document: &openapi3.T{
			OpenAPI:    "3.0.3",
			Info:       &openapi3.Info{Title: name, Version: "v1"},
			Paths:      openapi3.NewPaths(),
			Components: &openapi3.Components{Schemas: openapi3.Schemas{}, Responses: openapi3.ResponseBodies{}},
		},
	}
	g.addProblems()
	g.addSystem()
	for _, path := range paths {
		file, err := files.FindFileByPath(path)
		if err != nil {
			return nil, err
		}
		if version := versionOf(file); version != "" {
			g.document.Info.Version = version
		}
		services := file.Services()
		for i := range services.Len() {
			if err := g.addService(services.Get(i)); err != nil {
				return nil, err
			}
		}
	}
	text, err := json.MarshalIndent(g.document, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := validate(text); err != nil {
		return nil, fmt.Errorf("the OpenAPI document of %s is not valid: %w", name, err)
	}
	return append(text, '\n'), nil
}

func validate(text []byte) error {
	loader := openapi3.NewLoader()
	document, err := loader.LoadFromData(text)
	if err != nil {
		return err
	}
	return document.Validate(loader.Context, openapi3.DisableExamplesValidation())
}

var versionPattern = regexp.MustCompile(`\.(v[0-9][a-z0-9]*)$`)

// versionOf is the last part of a package such as shop.v1.
func versionOf(file protoreflect.FileDescriptor) string {
	if found := versionPattern.FindStringSubmatch(string(file.Package())); found != nil {
		return found[1]
	}
	return ""
}

func (g *generator) addService(service protoreflect.ServiceDescriptor) error {
	bound := false
	methods := service.Methods()
	for i := range methods.Len() {
		bindings, err := route.Bindings(methods.Get(i))
		if err != nil {
			return err
		}
		for _, b := range bindings {
			g.addOperation(b)
			bound = true
		}
	}
	if bound {
		g.document.Tags = append(g.document.Tags, &openapi3.Tag{Name: g.serviceName(service), Description: comment(service)})
	}
	return nil
}

// serviceName is the name of a service in tags and operation ids: its own, or with
// its package where a service of another package has taken that.
func (g *generator) serviceName(service protoreflect.ServiceDescriptor) string {
	name := string(service.Name())
	if other := g.services[name]; other != "" && other != service.FullName() {
		name = strings.ReplaceAll(string(service.FullName()), ".", "_")
	}
	g.services[name] = service.FullName()
	return name
}

// component is the name under which a message's schema stands: its name
// within its package, or its full name where another message has taken that.
func (g *generator) component(message protoreflect.MessageDescriptor, suffix string) (name string, isNew bool) {
	key := message.FullName() + protoreflect.FullName(suffix)
	if name, ok := g.names[key]; ok {
		return name, false
	}
	name = string(message.FullName())[len(message.ParentFile().Package()):]
	if name[0] == '.' {
		name = name[1:]
	}
	name += suffix
	if _, taken := g.document.Components.Schemas[name]; taken {
		name = string(message.FullName()) + suffix
	}
	g.names[key] = name
	return name, true
}
