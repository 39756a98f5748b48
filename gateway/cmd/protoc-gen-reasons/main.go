// Command protoc-gen-reasons is the protoc plugin that writes errors.json, the table of
// errors of the API reference, from the comments of dataservice/v1/error_reason.proto.
// The comment of a reason ends with its status codes and whether a retry helps:
//
//	ABORTED (412). Retry: after reading the resource again.
package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
)

// entry is a line of the table.
type entry struct {
	Reason      string   `json:"reason"`
	Statuses    []int    `json:"statuses"`
	Codes       []string `json:"codes"`
	Description string   `json:"description"`
	Retry       string   `json:"retry"`
}

var (
	status = regexp.MustCompile(`([A-Z_]+) \((\d{3})\)`)
	// outcome is the last part of a comment. An element of a batch has the codes of its error.
	outcome = regexp.MustCompile(`(?s)^(.*?)\s+((?:[A-Z_]+ \(\d{3}\)|The status code is ).*?)\s+Retry: (.*)\.$`)
)

func main() {
	protogen.Options{}.Run(func(gen *protogen.Plugin) error {
		entries := []entry{}
		for _, file := range gen.Files {
			for _, enum := range file.Enums {
				if !file.Generate || enum.Desc.Name() != "ErrorReason" {
					continue
				}
				for _, value := range enum.Values[1:] { // the first one is never sent
					e, err := parse(string(value.Desc.Name()), string(value.Comments.Leading))
					if err != nil {
						return err
					}
					if e != nil {
						entries = append(entries, *e)
					}
				}
			}
		}
		text, err := json.MarshalIndent(entries, "", " ")
		if err != nil {
			return err
		}
		_, err = gen.NewGeneratedFile("errors.json", "").Write(append(text, '\n'))
		return err
	})
}

// parse returns the entry of a reason, or nil if REST has it not.
func parse(name, comment string) (*entry, error) {
	parts := outcome.FindStringSubmatch(strings.Join(strings.Fields(comment), " "))
	if parts == nil {
		return nil, fmt.Errorf("the comment of %s does not end with `CODE (STATUS). Retry: ...`", name)
	}
	if strings.Contains(parts[2], "gRPC only") {
		return nil, nil
	}
	e := &entry{Reason: name, Statuses: []int{}, Codes: []string{}, Description: parts[1], Retry: parts[3]}
	for _, code := range status.FindAllStringSubmatch(parts[2], -1) {
		number, err := strconv.Atoi(code[2])
		if err != nil {
			return nil, err
		}
		e.Codes = append(e.Codes, code[1])
		e.Statuses = append(e.Statuses, number)
	}
	return e, nil
}
