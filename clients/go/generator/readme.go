package main

import (
	_ "embed"
	"strings"
	"text/template"

	"google.golang.org/protobuf/compiler/protogen"
)

//go:embed readme.md.tmpl
var readmeText string

var readmeTemplate = template.Must(template.New("README.md").Parse(readmeText))

// writeReadme writes the README of the module, with an example of its first list.
func writeReadme(out *protogen.GeneratedFile, service *protogen.Service, d description, s settings) error {
	values := map[string]string{"Name": s.name, "Module": s.module, "Version": s.version, "Service": fieldName(service)}
	for _, m := range service.Methods {
		if d.methods[m.Desc.FullName()].Kind == "METHOD_KIND_LIST" {
			values["List"], values["Request"] = m.GoName, m.Input.GoIdent.GoName
			path := string(m.Input.GoIdent.GoImportPath)
			values["Messages"] = path
			values["Package"] = packageName(strings.ReplaceAll(strings.TrimPrefix(path, s.module+"/"), "/", "."))
			break
		}
	}
	return readmeTemplate.Execute(out, values)
}
