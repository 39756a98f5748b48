// Package reference is the interactive API reference of a gateway, for any contract:
// Swagger UI over the OpenAPI document, and the table of errors.
package reference

import (
	"embed"
	"io/fs"

	"dataservice/gateway/gen/reference"
	"dataservice/gateway/site"
)

// Address is the path of the page.
const Address = "/docs"

//go:embed files
var own embed.FS

// New returns the page. gateway/build has copied the files of the library and written
// errors.json.
func New() (*site.Site, error) {
	files, err := fs.Sub(own, "files")
	if err != nil {
		return nil, err
	}
	return site.New(Address, Address+"/", site.Policy, reference.Files, files)
}
