package openapi

import (
	"fmt"
	"strings"
	"unicode"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/description"
	"dataservice/gateway/gen/engine"
)

// methodSummary returns the first sentence of a method's comment, or the words of its name.
func methodSummary(method protoreflect.MethodDescriptor) string {
	if text := summary(comment(method)); text != "" {
		return text
	}
	var words strings.Builder
	for i, c := range string(method.Name()) {
		if i > 0 && unicode.IsUpper(c) {
			words.WriteByte(' ')
			c = unicode.ToLower(c)
		}
		words.WriteRune(c)
	}
	return words.String()
}

// methodDescription returns the comment of a route's method, with the limits of the method
// and what a caller may do.
func (g *generator) methodDescription(b boundMethod) string {
	text := comment(b.Method)
	if text == "" {
		text = methodSummary(b.Method) + "."
	}
	parts := []string{text}
	if limit := g.limitOf(b); limit != "" {
		parts = append(parts, limit)
	}
	if rights := g.rightsOf(b); rights != "" {
		parts = append(parts, rights)
	}
	return strings.Join(parts, "\n\n")
}

// limitOf returns the limits of a method that clients can meet; "" if there are none.
func (g *generator) limitOf(b boundMethod) string {
	limits := g.contract.Limits()
	switch {
	case b.is(engine.MethodKind_METHOD_KIND_LIST):
		return fmt.Sprintf("A page has at most %d rows, and %d if the request does not say how many. The page token of "+
			"the next page is in the answer; the last page has none.", limits.GetMaxPageSize(), limits.GetDefaultPageSize())
	case b.is(engine.MethodKind_METHOD_KIND_BATCH_GET):
		return fmt.Sprintf("A request has at most %d keys.", limits.GetBatchSize())
	case description.IsBatch(b.method.GetKind()):
		return fmt.Sprintf("A request has at most %d elements, and names no resource twice. All of them are executed, or none.",
			limits.GetBatchSize())
	case b.is(engine.MethodKind_METHOD_KIND_IMPORT):
		return fmt.Sprintf("The answer lists the first %d rows that were rejected. The number of rows is not limited.",
			limits.GetImportFailures())
	case b.is(engine.MethodKind_METHOD_KIND_EXPORT):
		return "The number of rows is not limited. The answer is complete only if the connection is closed without an error."
	}
	return ""
}

// rightsOf returns what the owner of a row may do; "" if rows have no owner.
func (g *generator) rightsOf(b boundMethod) string {
	resource := g.contract.ResourceByName(b.method.GetResource())
	switch {
	case !resource.GetOwned():
		return ""
	case !resource.GetPublicRead():
		return "Each row belongs to a caller. Rows of other callers are treated as rows that do not exist. " +
			"A caller without an identity gets 401, and one that cannot own rows 403."
	case isWrite(b):
		return "Each row belongs to a caller, who alone can change it. " +
			"A caller without an identity gets 401, and one that cannot own rows 403."
	}
	return "Each row belongs to a caller, and every caller can read it."
}
