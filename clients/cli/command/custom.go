package command

import (
	"github.com/spf13/cobra"
	"google.golang.org/grpc"
)

// customCommand returns the command of a service, with one for each of its methods that are no
// standard ones.
func (p *program) customCommand(group *customGroup) *cobra.Command {
	command := &cobra.Command{Use: kebab(string(group.service.Name())), Short: comment(group.service)}
	for _, m := range group.methods {
		command.AddCommand(p.customMethodCommand(m))
	}
	onlySubcommands(command)
	return command
}

func (p *program) customMethodCommand(m *method) *cobra.Command {
	command := &cobra.Command{Use: kebab(string(m.descriptor.Name())), Args: exactly(0), Short: comment(m.descriptor)}
	given := p.contract.valueFlags(command, m.descriptor.Input())
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, _ []string) error {
		request := m.request()
		if err := given(request); err != nil {
			return err
		}
		response, err := call(connection, m)(cmd.Context(), request)
		if err != nil || m.descriptor.Output().Fields().Len() == 0 {
			return err
		}
		return p.printOne(&resource{descriptor: m.descriptor.Output()}, response, nil)
	})
	return command
}
