package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var moduleLine = regexp.MustCompile(`(?m)^module .*$`)

// copyRuntime copies the package dataservice, and the versions of what it requires, into
// the module, which needs no other module of this repository then.
func copyRuntime(s settings) error {
	sources, err := filepath.Glob(filepath.Join(s.runtime, "dataservice", "*.go"))
	if err != nil {
		return err
	}
	if len(sources) == 0 {
		return fmt.Errorf("%s has no package dataservice", s.runtime)
	}
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		if err := copyFile(source, filepath.Join(s.out, "dataservice", filepath.Base(source))); err != nil {
			return err
		}
	}
	required, err := os.ReadFile(filepath.Join(s.runtime, "go.mod"))
	if err != nil {
		return err
	}
	required = moduleLine.ReplaceAll(required, []byte("module "+s.module))
	if err := writeFile(filepath.Join(s.out, "go.mod"), required); err != nil {
		return err
	}
	return copyFile(filepath.Join(s.runtime, "go.sum"), filepath.Join(s.out, "go.sum"))
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return writeFile(to, content)
}
