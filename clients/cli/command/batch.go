package command

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

const batchFileHelp = `
FILE is NDJSON, a resource in each line, or CSV (FILE.csv), whose first line has the names of
the fields. All lines are written, or none.`

func (p *program) batchGetCommand(r *resource, m *method) *cobra.Command {
	var fields []string
	command := &cobra.Command{Use: "batch-get KEY...", Args: someKeys, Short: comment(m.descriptor)}
	command.Flags().StringSliceVar(&fields, "fields", nil, "fields to return, separated by commas; * is all, computed ones too")
	eventualFlag(command)
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, keys []string) error {
		request := m.request()
		if err := p.contract.addKeys(request, r, p.contract.all[m.Element], keys); err != nil {
			return err
		}
		if len(fields) > 0 && m.ReadMask != "" {
			setMask(request, m.ReadMask, fields)
		}
		return p.batch(cmd, connection, r, m, request, fields)
	})
	return command
}

func (p *program) batchDeleteCommand(r *resource, m *method) *cobra.Command {
	command := &cobra.Command{Use: "batch-delete KEY...", Args: someKeys, Short: comment(m.descriptor)}
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, keys []string) error {
		request := m.request()
		if err := p.contract.addKeys(request, r, p.contract.all[m.Element], keys); err != nil {
			return err
		}
		return p.batch(cmd, connection, r, m, request, nil)
	})
	return command
}

func (p *program) batchCreateCommand(r *resource, m *method) *cobra.Command {
	return p.batchFileCommand(r, m, "batch-create FILE", "")
}

func (p *program) batchUpdateCommand(r *resource, m *method) *cobra.Command {
	return p.batchFileCommand(r, m, "batch-update FILE", "\nOf each resource, which the line names by its key, the fields of the line are written.")
}

// batchFileCommand returns the command of a batch whose elements are the lines of a file.
func (p *program) batchFileCommand(r *resource, m *method, use, help string) *cobra.Command {
	command := &cobra.Command{Use: use, Args: exactly(1), Short: comment(m.descriptor), Long: comment(m.descriptor) + "\n" + batchFileHelp + help}
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, args []string) error {
		request := m.request()
		if err := p.contract.addRows(request, r, p.contract.all[m.Element], args[0]); err != nil {
			return err
		}
		return p.batch(cmd, connection, r, m, request, nil)
	})
	return command
}

// batch sends a request, and prints the resources of its response.
func (p *program) batch(cmd *cobra.Command, connection *grpc.ClientConn, r *resource, m *method, request *dynamicpb.Message, fields []string) error {
	response, err := call(connection, m)(cmd.Context(), request)
	if err != nil || m.Rows == "" {
		return err
	}
	rows := func(yield func(protoreflect.Message, error) bool) {
		for _, row := range m.rowsOf(response) {
			if !yield(row, nil) {
				return
			}
		}
	}
	return p.print(r, rows, -1, fields)
}

// elements returns the list of the requests of a batch; nil if the batch has keys instead.
func elements(request *dynamicpb.Message, element *method) protoreflect.List {
	for i := range request.Descriptor().Fields().Len() {
		field := request.Descriptor().Fields().Get(i)
		if field.IsList() && field.Message() != nil && field.Message().FullName() == element.descriptor.Input().FullName() {
			return request.Mutable(field).List()
		}
	}
	return nil
}

// addKeys adds the keys of resources: as requests, or in the list of the keys (AIP-231).
func (c *contract) addKeys(request *dynamicpb.Message, r *resource, element *method, keys []string) error {
	list := elements(request, element)
	keyList := fieldOf(request.Descriptor(), r.key+"s")
	for _, key := range keys {
		one := element.request()
		if err := c.set(one, element.Key, key); err != nil {
			return err
		}
		switch {
		case list != nil:
			list.Append(protoreflect.ValueOfMessage(one))
		case keyList != nil:
			request.Mutable(keyList).List().Append(one.Get(fieldOf(one.Descriptor(), element.Key)))
		default:
			return fmt.Errorf("%s has no list of keys", request.Descriptor().Name())
		}
	}
	return nil
}

// addRows adds the resources of a file.
func (c *contract) addRows(request *dynamicpb.Message, r *resource, element *method, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return usageError{err}
	}
	defer file.Close()
	list := elements(request, element)
	if list == nil {
		return fmt.Errorf("%s has no list of requests", request.Descriptor().Name())
	}
	var header []byte
	for l, err := range c.lines(file, strings.HasSuffix(name, ".csv"), r.descriptor, &header) {
		if err == nil {
			err = l.err
		}
		if err != nil {
			return usageError{fmt.Errorf("line %d: %w", l.number+1, err)}
		}
		one := element.request()
		setMessage(one, element.Body, l.row)
		if element.UpdateMask != "" {
			setMask(one, element.UpdateMask, written(r, l))
		}
		list.Append(protoreflect.ValueOfMessage(one))
	}
	return nil
}

// written returns the names of the fields that a line has, except for the key and the version.
func written(r *resource, l line) []string {
	var names []string
	add := func(field protoreflect.FieldDescriptor) {
		if name := string(field.Name()); name != r.key && name != r.etag {
			names = append(names, name)
		}
	}
	// A line of JSON names also the fields that get the value zero.
	var values map[string]json.RawMessage
	if json.Unmarshal(l.raw, &values) == nil {
		for name := range values {
			add(fieldOf(r.descriptor, name))
		}
	} else {
		l.row.Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
			add(field)
			return true
		})
	}
	slices.Sort(names)
	return names
}

// someKeys requires at least one key.
func someKeys(cmd *cobra.Command, args []string) error {
	if err := cobra.MinimumNArgs(1)(cmd, args); err != nil {
		return usageError{err}
	}
	return nil
}
