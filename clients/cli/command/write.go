package command

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"dataservice/client/dataservice"
)

func (p *program) createCommand(r *resource, m *method) *cobra.Command {
	return p.bodyCommand(r, m, &cobra.Command{Use: "create", Args: exactly(0)})
}

func (p *program) upsertCommand(r *resource, m *method) *cobra.Command {
	return p.bodyCommand(r, m, &cobra.Command{Use: "upsert KEY", Args: exactly(1)})
}

// bodyCommand completes the command of a method that writes a resource as a whole. Its
// argument is the key, if it has one.
func (p *program) bodyCommand(r *resource, m *method, command *cobra.Command) *cobra.Command {
	command.Short = comment(m.descriptor)
	given := p.contract.valueFlags(command, r.descriptor)
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, args []string) error {
		row := dynamicpb.NewMessage(r.descriptor)
		if err := given(row); err != nil {
			return err
		}
		if len(args) > 0 {
			if err := p.contract.set(row, r.key, args[0]); err != nil {
				return err
			}
		}
		request := m.request()
		setMessage(request, m.Body, row)
		written, err := call(connection, m)(cmd.Context(), request)
		if err != nil {
			return err
		}
		return p.printOne(r, written, nil)
	})
	return command
}

// valueFlags adds --set and --file, for the fields of a message, and returns the function that
// sets them.
func (c *contract) valueFlags(command *cobra.Command, message protoreflect.MessageDescriptor) func(*dynamicpb.Message) error {
	var assignments []string
	var file string
	command.Long = command.Short + "\nThe fields come from --file, --set, or both; --set wins."
	command.Flags().StringArrayVar(&assignments, "set", nil, "field=value; can be repeated")
	command.Flags().StringVar(&file, "file", "", "file with the fields in JSON; - is the standard input")
	completeFields(command, message)
	return func(row *dynamicpb.Message) error {
		if file != "" {
			if err := c.readJSON(file, row); err != nil {
				return err
			}
		}
		return c.setAll(row, assignments)
	}
}

func (c *contract) readJSON(file string, row *dynamicpb.Message) error {
	read := os.ReadFile
	if file == "-" {
		read = func(string) ([]byte, error) { return io.ReadAll(os.Stdin) }
	}
	text, err := read(file)
	if err == nil {
		err = protojson.UnmarshalOptions{Resolver: c.types}.Unmarshal(text, row)
	}
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", file, err)}
	}
	return nil
}

// completeFields completes the names of fields after --set.
func completeFields(command *cobra.Command, message protoreflect.MessageDescriptor) {
	var names []string
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		names = append(names, cobra.CompletionWithDesc(string(field.Name())+"=", comment(field)))
	}
	_ = command.RegisterFlagCompletionFunc("set", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp))
}

func (p *program) updateCommand(r *resource, m *method) *cobra.Command {
	var assignments, cleared []string
	command := &cobra.Command{
		Use: "update KEY", Args: exactly(1), Short: comment(m.descriptor),
		Long: comment(m.descriptor) + "\nReads the resource and writes the fields that change, if nobody else has changed it meanwhile.",
	}
	command.Flags().StringArrayVar(&assignments, "set", nil, "field=value; can be repeated")
	command.Flags().StringArrayVar(&cleared, "clear", nil, "field to clear; can be repeated")
	completeFields(command, r.descriptor)
	get := r.methods["GET"]
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, args []string) error {
		if get == nil || m.UpdateMask == "" {
			return fmt.Errorf("%s cannot be read and updated by parts", r.descriptor.Name())
		}
		row, err := dataservice.Modify(cmd.Context(), dataservice.Resource{Key: r.key, Etag: r.etag},
			func(ctx context.Context) (*dynamicpb.Message, error) {
				request := get.request()
				if err := p.contract.set(request, get.Key, args[0]); err != nil {
					return nil, err
				}
				return call(connection, get)(ctx, request)
			},
			func(ctx context.Context, row *dynamicpb.Message, mask *fieldmaskpb.FieldMask) (*dynamicpb.Message, error) {
				request := m.request()
				setMessage(request, m.Body, row)
				setMask(request, m.UpdateMask, mask.GetPaths())
				return call(connection, m)(ctx, request)
			},
			func(row *dynamicpb.Message) error {
				for _, name := range cleared {
					field := fieldOf(row.Descriptor(), name)
					if field == nil {
						return usageError{fmt.Errorf("%s has no field %s", r.descriptor.Name(), name)}
					}
					row.Clear(field)
				}
				return p.contract.setAll(row, assignments)
			})
		if err != nil {
			return err
		}
		return p.printOne(r, row, nil)
	})
	return command
}

func (p *program) deleteCommand(r *resource, m *method) *cobra.Command {
	command := &cobra.Command{Use: "delete KEY", Args: exactly(1), Short: comment(m.descriptor)}
	given := map[string]string{}
	if m.Etag != "" {
		command.Flags().String("etag", "", "the version that the resource must have")
		given["etag"] = m.Etag
	}
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, args []string) error {
		request := m.request()
		if err := p.contract.setGiven(cmd, request, given); err != nil {
			return err
		}
		if err := p.contract.set(request, m.Key, args[0]); err != nil {
			return err
		}
		_, err := call(connection, m)(cmd.Context(), request)
		return err
	})
	return command
}
