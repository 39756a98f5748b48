// Package openapi writes the OpenAPI 3.0.3 document of a contract: routes from
// google.api.http, what methods do from the contract's description, types in the form
// of ProtoJSON, and the rules of values from field_behavior and buf.validate.
package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"

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
	names    *names
}

// Generate returns the document of the services in the files with the given
// paths. The same contract always has the same document. It returns an error if the
// description lacks a method.
func Generate(name string, files *protoregistry.Files, paths []string, contract *description.Description) ([]byte, error) {
	var own []protoreflect.FileDescriptor
	var services []protoreflect.ServiceDescriptor
	for _, path := range paths {
		file, err := files.FindFileByPath(path)
		if err != nil {
			return nil, err
		}
		own = append(own, file)
		for i := range file.Services().Len() {
			services = append(services, file.Services().Get(i))
		}
	}
	g := &generator{
		contract: contract,
		rules:    newRules(files),
		names:    newNames(own),
		document: &openapi3.T{
			OpenAPI:    "3.0.3",
			Info:       info(name, own),
			Servers:    openapi3.Servers{{URL: "/", Description: "The gateway that serves this document."}},
			Paths:      openapi3.NewPaths(),
			Components: &openapi3.Components{Schemas: openapi3.Schemas{}, Responses: openapi3.ResponseBodies{}},
		},
	}
	var err error
	if g.usage, err = usageOf(services, contract, resourceIn(files)); err != nil {
		return nil, err
	}
	g.addProblems()
	g.addSecurity()
	g.addSystem()
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

// resourceIn returns a function that finds the message of a resource; nil if there is none.
func resourceIn(files *protoregistry.Files) func(string) protoreflect.MessageDescriptor {
	return func(name string) protoreflect.MessageDescriptor {
		found, err := files.FindDescriptorByName(protoreflect.FullName(name))
		if err != nil {
			return nil
		}
		message, _ := found.(protoreflect.MessageDescriptor)
		return message
	}
}

func validate(text []byte) error {
	loader := openapi3.NewLoader()
	document, err := loader.LoadFromData(text)
	if err != nil {
		return err
	}
	return document.Validate(loader.Context, openapi3.DisableExamplesValidation())
}

// info describes the contract, with the comments at the beginning of its files.
func info(name string, own []protoreflect.FileDescriptor) *openapi3.Info {
	found := &openapi3.Info{Title: name, Version: "v1", Contact: &openapi3.Contact{Name: name}}
	for _, file := range own {
		if version := versionOf(file); version != "" {
			found.Version = version
		}
		if text := fileComment(file); text != "" && found.Description == "" {
			found.Description = text
		}
	}
	if found.Description == "" {
		found.Description = "The REST API of " + name + "."
	}
	return found
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
		name := g.names.service(service)
		text := comment(service)
		if text == "" {
			text = "Methods of " + string(service.FullName()) + "."
		}
		g.document.Tags = append(g.document.Tags, &openapi3.Tag{Name: name, Description: text})
	}
	return nil
}
