package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"dataservice/client/dataservice"
)

const eventual = "eventual"

// eventualFlag adds --eventual to a command that reads.
func eventualFlag(command *cobra.Command) {
	flags := command.Flags()
	flags.Duration(eventual, 0, "let a standby of the database answer, without what was written in the last moment: at most so long ago, such as --eventual=500ms, or 0s for the bound of the service")
	flags.Lookup(eventual).NoOptDefVal = "0s"
}

// setEventual gives the command a context of eventual reads, if it has --eventual.
func setEventual(cmd *cobra.Command) error {
	if !cmd.Flags().Changed(eventual) {
		return nil
	}
	limit, err := cmd.Flags().GetDuration(eventual)
	if err != nil {
		return err
	}
	if limit < 0 {
		return usageError{fmt.Errorf("--%s is negative: %v", eventual, limit)}
	}
	cmd.SetContext(dataservice.EventualReads(cmd.Context(), limit))
	return nil
}
