// Package command is the command line of a contract. It knows the contract by its
// descriptors, so that a new resource or field needs no code.
package command

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"google.golang.org/grpc"
)

// program is the state of one run.
type program struct {
	name        string
	contract    *contract
	profileName string
	flags       profile
	output      string
	// common has the flags of all commands.
	common *pflag.FlagSet
}

// Main runs the command line and returns its exit code.
func Main(name string, descriptors, description []byte) int {
	c, err := loadContract(descriptors, description)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return exitFailed
	}
	p := &program{name: name, contract: c}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	err = p.root().ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", errInterrupted, err)
	}
	if code := exitCode(err); code != exitOK {
		printError(os.Stderr, err)
		return code
	}
	return exitOK
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use: p.name, Short: "Reads and writes the resources of a " + p.name + " service", Long: exitHelp,
		SilenceErrors: true, SilenceUsage: true,
	}
	onlySubcommands(root)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	p.connectionFlags(root)
	root.PersistentFlags().StringVarP(&p.output, "output", "o", "table", "form of the output: "+formList)
	_ = root.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(forms, cobra.ShellCompDirectiveNoFileComp))
	_ = root.RegisterFlagCompletionFunc("profile", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		c, _ := p.readConfiguration()
		for name := range c.Profiles {
			names = append(names, name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
	p.common = root.PersistentFlags()
	for _, r := range p.contract.resources {
		root.AddCommand(p.resourceCommand(r))
	}
	for _, group := range p.contract.custom {
		root.AddCommand(p.customCommand(group))
	}
	return root
}

// resourceCommand returns the command of a resource, with one for each of its methods.
func (p *program) resourceCommand(r *resource) *cobra.Command {
	command := &cobra.Command{Use: r.commandName(), Short: comment(r.descriptor)}
	for kind, make := range map[string]func(*resource, *method) *cobra.Command{
		"LIST": p.listCommand, "GET": p.getCommand, "CREATE": p.createCommand, "UPDATE": p.updateCommand,
		"UPSERT": p.upsertCommand, "DELETE": p.deleteCommand, "IMPORT": p.importCommand, "EXPORT": p.exportCommand,
		"BATCH_GET": p.batchGetCommand, "BATCH_CREATE": p.batchCreateCommand, "BATCH_UPDATE": p.batchUpdateCommand,
		"BATCH_DELETE": p.batchDeleteCommand,
	} {
		if m := r.methods[kind]; m != nil {
			command.AddCommand(make(r, m))
		}
	}
	command.AddCommand(p.describeCommand(r))
	onlySubcommands(command)
	return command
}

// run makes the RunE of a command that needs a connection.
func (p *program) run(work func(*cobra.Command, *grpc.ClientConn, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if err := checkForm(p.output); err != nil {
			return err
		}
		if err := setEventual(cmd); err != nil {
			return err
		}
		connection, err := p.connect(cmd)
		if err != nil {
			return err
		}
		defer connection.Close()
		return work(cmd, connection, args)
	}
}

// onlySubcommands makes a command print its help, and reject the names of unknown commands.
func onlySubcommands(command *cobra.Command) {
	command.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{fmt.Errorf("unknown command %s of %s", args[0], cmd.CommandPath())}
		}
		return nil
	}
	command.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
}

// exactly is cobra.ExactArgs with an error of the arguments.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.ExactArgs(n)(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}
