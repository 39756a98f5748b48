// Command generator makes the Go client of a contract: a module with the messages and
// stubs, the package of the contract, the runtime (package dataservice) and a README.
// clients/go/generate runs it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	var s settings
	flag.StringVar(&s.name, "name", "", "name of the contract, and of the Go package")
	flag.StringVar(&s.module, "module", "", "path of the Go module; default: client.example/NAME")
	flag.StringVar(&s.version, "version", "", "version of the client")
	flag.StringVar(&s.descriptors, "descriptors", "", "FileDescriptorSet of the contract, with its imports and comments")
	flag.StringVar(&s.description, "description", "", "description of the contract, by the command describe of its schema tool")
	flag.StringVar(&s.runtime, "runtime", "", "folder with the module of the runtime")
	flag.StringVar(&s.plugins, "plugins", "", "folder with protoc-gen-go and protoc-gen-go-grpc")
	flag.StringVar(&s.out, "out", "", "folder to write to")
	flag.Parse()
	s.files = flag.Args()
	if s.module == "" {
		s.module = "client.example/" + s.name
	}
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "generator:", err)
		os.Exit(1)
	}
}

type settings struct {
	name, module, version, descriptors, description, runtime, plugins, out string
	files                                                                  []string
}

func run(s settings) error {
	text, err := os.ReadFile(s.description)
	if err != nil {
		return err
	}
	d, err := parseDescription(text)
	if err != nil {
		return err
	}
	set, err := readDescriptors(s.descriptors)
	if err != nil {
		return err
	}
	request, err := generationRequest(set, s)
	if err != nil {
		return err
	}
	for _, plugin := range []string{"protoc-gen-go", "protoc-gen-go-grpc"} {
		if err := runPlugin(filepath.Join(s.plugins, plugin), request, s.out); err != nil {
			return err
		}
	}
	if err := writeClient(request, d, s); err != nil {
		return err
	}
	return copyRuntime(s)
}
