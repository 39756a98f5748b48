package openapi

import "github.com/getkin/kin-openapi/openapi3"

// bearer is the name of the security scheme. The gateway replaces the requirement at
// start if it rejects requests without a token (--require_authorization).
const bearer = "bearer"

// addSecurity documents how callers authenticate. A token is optional: the policy of the
// server decides what a caller without one may do.
func (g *generator) addSecurity() {
	scheme := openapi3.NewJWTSecurityScheme().WithDescription("A JWT of an issuer that the server trusts. " +
		"Without one the caller is anonymous; the policy of the server decides what it may do.")
	g.document.Components.SecuritySchemes = openapi3.SecuritySchemes{bearer: &openapi3.SecuritySchemeRef{Value: scheme}}
	g.document.Security = *openapi3.NewSecurityRequirements().
		With(openapi3.NewSecurityRequirement()).
		With(openapi3.NewSecurityRequirement().Authenticate(bearer))
}
