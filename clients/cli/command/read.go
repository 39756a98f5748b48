package command

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"dataservice/client/dataservice"
)

// defaultLimit is the number of rows that list returns without --limit and --all.
const defaultLimit = 50

func (p *program) listCommand(r *resource, m *method) *cobra.Command {
	var all bool
	var limit int
	var fields []string
	command := &cobra.Command{
		Use: "list", Args: exactly(0), Short: comment(m.descriptor),
		Example: fmt.Sprintf("  %s %s list --all -o csv", p.name, r.commandName()),
	}
	command.Flags().BoolVar(&all, "all", false, "all rows")
	command.Flags().IntVar(&limit, "limit", defaultLimit, "the largest number of rows")
	command.Flags().StringSliceVar(&fields, "fields", nil, "fields to return, separated by commas; * is all, computed ones too")
	eventualFlag(command)
	given := p.requestFlags(command, m.descriptor.Input(), "page_size", "page_token", m.ReadMask)
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, _ []string) error {
		request := m.request()
		if err := p.contract.setGiven(cmd, request, given); err != nil {
			return err
		}
		if len(fields) > 0 && m.ReadMask != "" {
			setMask(request, m.ReadMask, fields)
		}
		options := dataservice.ListOptions{Limit: limit + 1}
		if all {
			options.Limit = 0
		}
		rows := dataservice.List(cmd.Context(), call(connection, m), request, m.rowsOf, options)
		most := limit
		if all {
			most = -1
		}
		return p.print(r, rows, most, fields)
	})
	return command
}

// rowsOf returns the resources of a response.
func (m *method) rowsOf(response *dynamicpb.Message) []protoreflect.Message {
	list := response.Get(fieldOf(response.Descriptor(), m.Rows)).List()
	rows := make([]protoreflect.Message, list.Len())
	for i := range rows {
		rows[i] = list.Get(i).Message()
	}
	return rows
}

// print writes rows, at most `most` if it is not negative.
func (p *program) print(r *resource, rows iter.Seq2[protoreflect.Message, error], most int, fields []string) error {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	w := p.contract.newWriter(out, p.output, r, false, fields)
	for row, err := range rows {
		if err != nil {
			if w.count > 0 {
				_ = w.end() // the error of the rows is reported
			}
			return err
		}
		if most >= 0 && w.count == most {
			fmt.Fprintln(os.Stderr, "more rows exist: use --all or --limit")
			break
		}
		if err := w.write(row); err != nil {
			return err
		}
	}
	if err := w.end(); err != nil {
		return err
	}
	return out.Flush()
}

// call returns a stub of a method.
func call(connection *grpc.ClientConn, m *method) func(context.Context, *dynamicpb.Message, ...grpc.CallOption) (*dynamicpb.Message, error) {
	return func(ctx context.Context, request *dynamicpb.Message, options ...grpc.CallOption) (*dynamicpb.Message, error) {
		response := m.response()
		return response, connection.Invoke(ctx, m.path(), request, response, options...)
	}
}

// requestFlags adds a flag for each scalar field of a request, except for some, and returns
// the fields by the names of their flags. The flags of the command itself must exist before.
func (p *program) requestFlags(command *cobra.Command, request protoreflect.MessageDescriptor, except ...string) map[string]string {
	given := map[string]string{}
	for i := range request.Fields().Len() {
		field := request.Fields().Get(i)
		skipped := field.Message() != nil || field.IsList()
		for _, name := range except {
			skipped = skipped || string(field.Name()) == name
		}
		if skipped {
			continue
		}
		flag := p.freeFlag(command, kebab(string(field.Name())))
		given[flag] = string(field.Name())
		// A word in backquotes would be taken for the type of the flag.
		command.Flags().String(flag, "", strings.ReplaceAll(comment(field), "`", "'"))
	}
	return given
}

// freeFlag returns the name, after "request-" if the command has another flag of that name.
func (p *program) freeFlag(command *cobra.Command, name string) string {
	for name == "help" || command.Flags().Lookup(name) != nil || p.common.Lookup(name) != nil {
		name = "request-" + name
	}
	return name
}

func (c *contract) setGiven(cmd *cobra.Command, request *dynamicpb.Message, given map[string]string) error {
	for flag, name := range given {
		if !cmd.Flags().Changed(flag) {
			continue
		}
		value, _ := cmd.Flags().GetString(flag)
		if err := c.set(request, name, value); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) getCommand(r *resource, m *method) *cobra.Command {
	var fields []string
	command := &cobra.Command{Use: "get KEY", Args: exactly(1), Short: comment(m.descriptor)}
	command.Flags().StringSliceVar(&fields, "fields", nil, "fields to return, separated by commas; * is all, computed ones too")
	eventualFlag(command)
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, args []string) error {
		request := m.request()
		if err := p.contract.set(request, m.Key, args[0]); err != nil {
			return err
		}
		if len(fields) > 0 && m.ReadMask != "" {
			setMask(request, m.ReadMask, fields)
		}
		row, err := call(connection, m)(cmd.Context(), request)
		if err != nil {
			return err
		}
		return p.printOne(r, row, fields)
	})
	return command
}

func (p *program) printOne(r *resource, row protoreflect.Message, fields []string) error {
	w := p.contract.newWriter(os.Stdout, p.output, r, true, fields)
	if err := w.write(row); err != nil {
		return err
	}
	return w.end()
}
