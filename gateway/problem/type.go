package problem

import "dataservice/gateway/gen/engine"

// blank is the type of a problem that has no meaning beyond that of its status (RFC 9457, 4.2.1).
const blank = "about:blank"

// types returns the type of a problem with a reason of the engine.
var types = func(string) string { return blank }

// UseTypes makes types the function that returns the type of a problem with a reason: the
// URL of its description. nil makes it about:blank. It must be called before the first
// problem is written.
func UseTypes(of func(reason string) string) {
	if of == nil {
		of = func(string) string { return blank }
	}
	types = of
}

// typeOf returns the type of a problem with a reason. Reasons of custom methods have no
// description here.
func typeOf(reason string) string {
	if number, known := engine.ErrorReason_value[reason]; !known || engine.ErrorReason(number) == NoReason {
		return blank
	}
	return types(reason)
}
