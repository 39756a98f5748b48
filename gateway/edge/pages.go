package edge

import (
	"io/fs"
	"net/http"
	"net/url"

	"dataservice/gateway/contract"
	"dataservice/gateway/reference"
	"dataservice/gateway/site"
)

// Addresses of the contract's own web page and of its files.
const (
	pageAddress = "/"
	pageFiles   = "/page/"
)

// pagePolicy also keeps scripts of the page from making HTML of text (Trusted Types).
const pagePolicy = site.Policy + "; require-trusted-types-for 'script'; trusted-types 'none'"

// pages returns the web pages that the gateway serves.
func pages(c contract.Contract, settings Settings) ([]*site.Site, error) {
	var list []*site.Site
	if settings.Page && c.Page != nil {
		files, err := fs.Sub(c.Page, "page")
		if err != nil {
			return nil, err
		}
		page, err := site.New(pageAddress, pageFiles, pagePolicy, files)
		if err != nil {
			return nil, err
		}
		list = append(list, page)
	}
	if settings.Reference {
		page, err := reference.New()
		if err != nil {
			return nil, err
		}
		list = append(list, page)
	}
	return list, nil
}

// findPage returns the handler of a file of a page, or nil. Routes of the contract come
// before pages.
func (e *Edge) findPage(path string) http.HandlerFunc {
	for _, page := range e.pages {
		if handler := page.Find(path); handler != nil {
			return handler
		}
	}
	return nil
}

// redirectToPage redirects from the base path to the page, whose files have relative URLs:
// those need the slash at the end.
func redirectToPage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", (&url.URL{Path: r.URL.Path + pageAddress, RawQuery: r.URL.RawQuery}).String())
	w.WriteHeader(http.StatusPermanentRedirect)
}
