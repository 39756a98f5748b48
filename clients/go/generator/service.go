package main

import (
	"strconv"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// service writes the type of a service: its stub, with methods that combine calls.
func (w writer) service(service *protogen.Service) {
	w.P()
	w.P("// ", typeName(service), " is the stub of ", service.Desc.FullName(), ", with methods that combine its calls.")
	w.P("type ", typeName(service), " struct {")
	w.P(stub(service))
	w.P("}")
	for _, m := range service.Methods {
		d := w.methods[m.Desc.FullName()]
		switch d.Kind {
		case "METHOD_KIND_LIST":
			w.list(service, m, d)
		case "METHOD_KIND_UPDATE":
			w.update(service, m, d)
		case "METHOD_KIND_IMPORT":
			w.importRows(service, m, d)
		case "METHOD_KIND_EXPORT":
			w.export(service, m)
		}
	}
}

func (w writer) list(service *protogen.Service, m *protogen.Method, d method) {
	rows := field(m.Output, d.Rows)
	row := "*" + w.QualifiedGoIdent(rows.Message.GoIdent)
	w.P()
	w.P("// ", m.GoName, "All returns the rows of all pages of ", m.GoName, ", and reads one page ahead.")
	w.P("func (c ", typeName(service), ") ", m.GoName, "All(ctx ", contextPackage.Ident("Context"), ", request *", m.Input.GoIdent,
		", options ", w.runtime("ListOptions"), ") ", iterPackage.Ident("Seq2"), "[", row, ", error] {")
	w.P("return ", w.runtime("List"), "(ctx, c.", m.GoName, ", request, (*", m.Output.GoIdent, ").Get", rows.GoName, ", options)")
	w.P("}")
}

// update writes the read-modify-write of a resource with a version.
func (w writer) update(service *protogen.Service, m *protogen.Method, d method) {
	resource := w.resources[protoreflect.FullName(d.Resource)]
	get := w.sibling(service, "METHOD_KIND_GET", d.Resource)
	if get == nil || d.UpdateMask == "" || resource.Etag == "" {
		return
	}
	key := field(get.Input, w.methods[get.Desc.FullName()].Key)
	row := "*" + w.QualifiedGoIdent(m.Output.GoIdent)
	arguments := []any{"ctx ", contextPackage.Ident("Context")}
	given := key.GoName + ": key"
	if key.Desc.HasPresence() {
		given = key.GoName + ": &key"
	}
	w.P()
	w.P("// ", m.GoName, "Func reads the resource with the key, calls change with it, and writes the fields")
	w.P("// that change has changed. It starts again, a bounded number of times, if another client")
	w.P("// changed the resource meanwhile. See dataservice.Modify.")
	w.P(append(append([]any{"func (c ", typeName(service), ") ", m.GoName, "Func("}, arguments...),
		", key ", goType(key), ", change func(", row, ") error) (", row, ", error) {")...)
	w.P("return ", w.runtime("Modify"), "(ctx, ", w.runtime("Resource"), "{Key: ", strconv.Quote(resource.Key), ", Etag: ", strconv.Quote(resource.Etag), "},")
	w.P("func(ctx ", contextPackage.Ident("Context"), ") (", row, ", error) {")
	w.P("return c.", get.GoName, "(ctx, &", get.Input.GoIdent, "{", given, "})")
	w.P("},")
	w.P("func(ctx ", contextPackage.Ident("Context"), ", row ", row, ", mask *", maskPackage.Ident("FieldMask"), ") (", row, ", error) {")
	w.P("return c.", m.GoName, "(ctx, &", m.Input.GoIdent, "{", field(m.Input, d.Body).GoName, ": row, ", field(m.Input, d.UpdateMask).GoName, ": mask})")
	w.P("}, change)")
	w.P("}")
}

func (w writer) importRows(service *protogen.Service, m *protogen.Method, d method) {
	body := field(m.Input, d.Body)
	row := "*" + w.QualifiedGoIdent(body.Message.GoIdent)
	fields := w.runtime("ImportFields")
	w.P()
	w.P("// ", m.GoName, "From creates the rows with ", m.GoName, ", each of them once, also if a stream breaks.")
	w.P("// See dataservice.Import.")
	w.P("func (c ", typeName(service), ") ", m.GoName, "From(ctx ", contextPackage.Ident("Context"), ", rows ", iterPackage.Ident("Seq2"), "[", row, ", error],")
	w.P("options ", w.runtime("ImportOptions"), "[", row, "]) (", w.runtime("ImportResult"), ", error) {")
	w.P("return ", w.runtime("Import"), "(ctx, ", w.runtime("ImportMethod"), "[", row, "]{")
	w.P("Open: func(ctx ", contextPackage.Ident("Context"), ") (", grpcPackage.Ident("ClientStream"), ", error) { return c.", m.GoName, "(ctx) },")
	w.P("Request: func(row ", row, ") ", protoPackage.Ident("Message"), " { return &", m.Input.GoIdent, "{", body.GoName, ": row} },")
	w.P("Response: func() ", protoPackage.Ident("Message"), " { return &", m.Output.GoIdent, "{} },")
	w.P("Fields: ", fields, "{")
	w.P("RequestID: ", strconv.Quote(w.methods[protoreflect.FullName(d.Element)].RequestID), ",")
	w.P("Failed: ", strconv.Quote(d.Import.FailedCount), ", Failures: ", strconv.Quote(d.Import.Failures), ",")
	w.P("Position: ", strconv.Quote(d.Import.Position), ", Status: ", strconv.Quote(d.Import.Status), ",")
	w.P("},")
	w.P("}, rows, options)")
	w.P("}")
}

func (w writer) export(service *protogen.Service, m *protogen.Method) {
	row := "*" + w.QualifiedGoIdent(m.Output.GoIdent)
	stream := w.QualifiedGoIdent(grpcPackage.Ident("ServerStreamingClient")) + "[" + row[1:] + "]"
	w.P()
	w.P("// ", m.GoName, "All returns the rows of ", m.GoName, ", no faster than they are used. See dataservice.Export.")
	w.P("func (c ", typeName(service), ") ", m.GoName, "All(ctx ", contextPackage.Ident("Context"), ", request *", m.Input.GoIdent,
		", options ", w.runtime("ExportOptions"), ") ", iterPackage.Ident("Seq2"), "[", row, ", error] {")
	w.P("return ", w.runtime("Export"), "[", row, "](ctx, func(ctx ", contextPackage.Ident("Context"), ") (", stream, ", error) {")
	w.P("return c.", m.GoName, "(ctx, request)")
	w.P("}, options)")
	w.P("}")
}

// field returns a field of a message by its name in the proto. The description names only
// fields that exist.
func field(message *protogen.Message, name string) *protogen.Field {
	for _, f := range message.Fields {
		if string(f.Desc.Name()) == name {
			return f
		}
	}
	panic(string(message.Desc.FullName()) + " has no field " + name)
}

// goType returns the Go type of a key, which is a scalar.
func goType(key *protogen.Field) string {
	switch key.Desc.Kind() {
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return "int32"
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return "uint32"
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return "int64"
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return "uint64"
	default:
		return "string"
	}
}
