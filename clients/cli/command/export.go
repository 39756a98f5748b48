package command

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"dataservice/client/dataservice"
)

func (p *program) exportCommand(r *resource, m *method) *cobra.Command {
	command := &cobra.Command{
		Use: "export", Args: exactly(0), Short: comment(m.descriptor),
		Long: comment(m.descriptor) + "\nThe form is NDJSON unless -o names another one. A bar shows the progress if the standard error is a terminal.",
	}
	eventualFlag(command)
	given := p.requestFlags(command, m.descriptor.Input(), m.ReadMask)
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, _ []string) error {
		if !cmd.Flags().Changed("output") {
			p.output = "ndjson"
		}
		request := m.request()
		if err := p.contract.setGiven(cmd, request, given); err != nil {
			return err
		}
		bar := newBar(-1, "exported")
		var exported int64
		rows := dataservice.Export[protoreflect.Message](cmd.Context(), func(ctx context.Context) (exportStream, error) {
			return openExport(ctx, connection, m, request)
		}, dataservice.ExportOptions{Progress: func(rows int64) {
			exported = rows
			bar.show(rows, 0)
		}})
		err := p.print(r, rows, -1, nil)
		bar.end()
		if err == nil {
			fmt.Fprintf(os.Stderr, "%d exported\n", exported)
		}
		return err
	})
	return command
}

// exportStream receives the rows of an export.
type exportStream struct {
	grpc.ClientStream
	method *method
}

func (s exportStream) Recv() (protoreflect.Message, error) {
	row := s.method.response()
	return row, s.RecvMsg(row)
}

func openExport(ctx context.Context, connection *grpc.ClientConn, m *method, request *dynamicpb.Message) (exportStream, error) {
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, m.path())
	if err == nil {
		err = stream.SendMsg(request)
	}
	if err == nil {
		err = stream.CloseSend()
	}
	return exportStream{stream, m}, err
}
