package edge

import (
	"net/http"
	"sync"

	"dataservice/gateway/coding"
)

// chooseCoding returns the coding of an answer of a number of bytes, and sets Vary for a cache
// if it depends on the request (RFC 9110, 12.5.5). A small answer is not compressed.
func (e *Edge) chooseCoding(answer http.Header, r *http.Request, size int) coding.Coding {
	if e.settings.CompressAbove <= 0 || size <= e.settings.CompressAbove {
		return coding.Identity
	}
	coding.Vary(answer)
	return coding.Negotiate(r.Header["Accept-Encoding"])
}

// encoded are the forms of a constant text, each made when it is first asked for. It is safe
// for concurrent use.
type encoded struct {
	text  []byte
	forms sync.Map // []byte by coding.Coding
}

func (e *encoded) as(chosen coding.Coding) []byte {
	if chosen == coding.Identity {
		return e.text
	}
	if made, ok := e.forms.Load(chosen); ok {
		return made.([]byte)
	}
	made := coding.Append(chosen, nil, e.text)
	e.forms.Store(chosen, made)
	return made
}
