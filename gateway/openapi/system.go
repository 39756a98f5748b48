package openapi

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// healthName is the name of a component.
const healthName = "Health"

// systemOperations are the operations of the paths that the gateway itself serves.
var systemOperations = []struct{ path, id, summary, description string }{
	{
		"/healthz", "getHealth", "Returns whether the gateway is alive",
		"Returns whether the gateway is alive. It does not call the data service. For liveness probes.",
	},
	{
		"/readyz", "getReadiness", "Returns whether requests are served",
		"Returns whether requests are served: 503 while the gateway shuts down, or if the data service does not answer. " +
			"For readiness probes.",
	},
	{"/openapi.json", "getOpenAPI", "Returns this document", "Returns this document, in the form of OpenAPI 3.0."},
	{"/openapi-3.1.json", "getOpenAPI31", "Returns this document as OpenAPI 3.1", "Returns this document, in the form of OpenAPI 3.1."},
}

// addSystem documents the paths that the gateway itself serves.
func (g *generator) addSystem() {
	const tag = "Gateway"
	health := openapi3.NewObjectSchema().WithProperty("status", described(openapi3.NewStringSchema().WithEnum("ok"), "Always ok."))
	health.Description, health.Required = "The answer of a probe.", []string{"status"}
	g.document.Components.Schemas[healthName] = health.NewRef()
	for _, s := range systemOperations {
		schema := openapi3.NewSchemaRef(schemaPath+healthName, nil)
		if strings.HasPrefix(s.path, "/openapi") {
			schema = openapi3.NewObjectSchema().WithAnyAdditionalProperties().NewRef()
		}
		ok := openapi3.NewResponse().WithDescription("Done.").WithJSONSchemaRef(schema)
		operation := &openapi3.Operation{
			OperationID: s.id, Tags: []string{tag}, Summary: s.summary, Description: s.description,
			Security:  openapi3.NewSecurityRequirements(), // none, unlike the document
			Responses: openapi3.NewResponses(openapi3.WithStatus(200, &openapi3.ResponseRef{Value: ok})),
		}
		operation.Responses.Set("400", g.response("BadRequest"))
		if s.path == "/readyz" {
			operation.Responses.Set("503", g.response("Unavailable"))
		}
		operation.Responses.Set("default", g.response("Error"))
		g.document.Paths.Set(s.path, &openapi3.PathItem{Get: operation})
	}
	g.document.Tags = append(g.document.Tags, &openapi3.Tag{Name: tag, Description: "The gateway itself."})
}
