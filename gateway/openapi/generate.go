// Package openapi writes the OpenAPI 3.0.3 document of a contract: routes from
// google.api.http, what methods do from the contract's description, types in the form
// of ProtoJSON, and the rules of values from field_behavior and buf.validate.
package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/description"
	"dataservice/gateway/route"
)

// generator holds the document while it is written.
type generator struct {
	document *openapi3.T
	contract *description.Description
	rules    *rules
	usage    *usage
	// names are the names of the components, by message.
	names map[protoreflect.FullName]string
	// services are the full names of the services, by their name in the document.
	services map[string]protoreflect.FullName
}

// Generate returns the document of the services in the files with the given
// paths. The same contract always has the same document. It returns an error if the
// description lacks a method.
func Generate(name string, files *protoregistry.Files, paths []string, contract *description.Description) ([]byte, error) {
	g := &generator{
		contract: contract,
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
	g.addSecurity()
	g.addSystem()
	var services []protoreflect.ServiceDescriptor
	for _, path := range paths {
		file, err := files.FindFileByPath(path)
		if err != nil {
			return nil, err
		}
		if version := versionOf(file); version != "" {
			g.document.Info.Version = version
		}
		for i := range file.Services().Len() {
			services = append(services, file.Services().Get(i))
		}
	}
	var err error
	if g.usage, err = usageOf(services, contract); err != nil {
		return nil, err
	}
	for _, service := range services {
		if err := g.addService(service); err != nil {
			return nil, err
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

// versionOf returns the last part of a package such as shop.v1; "" if it is no version.
func versionOf(file protoreflect.FileDescriptor) string {
	if found := versionPattern.FindStringSubmatch(string(file.Package())); found != nil {
		return found[1]
	}
	return ""
}

// addService documents the routes of a service.
func (g *generator) addService(service protoreflect.ServiceDescriptor) error {
	bound := false
	methods := service.Methods()
	for i := range methods.Len() {
		method, err := g.contract.Method(methods.Get(i))
		if err != nil {
			return err
		}
		bindings, err := route.Bindings(methods.Get(i))
		if err != nil {
			return err
		}
		for _, b := range bindings {
			g.addOperation(g.newRoute(b, method))
			bound = true
		}
	}
	if bound {
		g.document.Tags = append(g.document.Tags, &openapi3.Tag{Name: g.serviceName(service), Description: comment(service)})
	}
	return nil
}

// serviceName returns the name of a service in tags and operation ids: its own name,
// or its full name if a service of another package has the same name.
func (g *generator) serviceName(service protoreflect.ServiceDescriptor) string {
	name := string(service.Name())
	if other := g.services[name]; other != "" && other != service.FullName() {
		name = strings.ReplaceAll(string(service.FullName()), ".", "_")
	}
	g.services[name] = service.FullName()
	return name
}

// component returns the name of the schema of a message: its name within its
// package, or its full name if another message has the same name. isNew reports
// whether the schema does not exist yet.
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
