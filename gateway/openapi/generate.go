// Package openapi generates the OpenAPI 3.0.3 document of a contract from its
// descriptors: routes from google.api.http, types as ProtoJSON writes them,
// and the rules of values from field_behavior and buf.validate.
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

// generator generates one document.
type generator struct {
	document *openapi3.T
	rules    *rules
	// names are the components' names, by message.
	names map[protoreflect.FullName]string
	// services are the services by their name in the document.
	services map[string]protoreflect.FullName
}

// Generate returns the document of the services in the files with these paths. It
// is the same text for the same contract.
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

// versionOf returns the last part of a package such as shop.v1.
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

// serviceName returns the name of a service in tags and operation ids: its own
// name, or the full name if a service of another package has the same name.
func (g *generator) serviceName(service protoreflect.ServiceDescriptor) string {
	name := string(service.Name())
	if other := g.services[name]; other != "" && other != service.FullName() {
		name = strings.ReplaceAll(string(service.FullName()), ".", "_")
	}
	g.services[name] = service.FullName()
	return name
}

// component returns the name of a message's schema: the name within its package,
// or the full name if another message has the same name.
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
