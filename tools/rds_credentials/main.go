// Command rds-credentials prints the credentials of a connection to Amazon RDS,
// Aurora or RDS Proxy, for the server's and the schema tool's
// --credentials_command:
//
//	rds-credentials iam --host HOST --port PORT --user USER [--region REGION]
//	rds-credentials secret --arn ARN [--region REGION]
//
// iam signs a token that opens connections for 15 minutes (only over TLS);
// secret reads the current version of a secret of AWS Secrets Manager. The output is
// one line of JSON: username, password and, if known, expires_at (RFC 3339), host,
// port, dbname. Errors go to standard error and contain no secret. The exit status is
// 0 on success, 1 after a failure, 2 for a wrong command line. Region, credentials and
// endpoints come from the usual sources of AWS tools (AWS_REGION, the role of the task
// or instance, AWS_PROFILE, AWS_ENDPOINT_URL).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// Shorter than the server's own limit, so that the reason reaches the server's log.
const timeLimit = 8 * time.Second

// login is the output.
type login struct {
	Username  string     `json:"username"`
	Password  string     `json:"password"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	Host      string     `json:"host,omitempty"`
	Port      int        `json:"port,omitempty"`
	Database  string     `json:"dbname,omitempty"`
}

const usage = `rds-credentials iam --host HOST [--port PORT] --user USER [--region REGION]
rds-credentials secret --arn ARN [--region REGION]
`

var errUsage = errors.New("wrong command line")

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), timeLimit)
	defer cancel()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run executes the program and returns its exit status.
func run(ctx context.Context, arguments []string, out, errs io.Writer) int {
	found, err := fetch(ctx, arguments, errs)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintf(errs, "rds-credentials: %v\n%s", err, usage)
		return 2
	case err != nil:
		fmt.Fprintf(errs, "rds-credentials: %v\n", err)
		return 1
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(found); err != nil {
		fmt.Fprintf(errs, "rds-credentials: %v\n", err)
		return 1
	}
	return 0
}

func fetch(ctx context.Context, arguments []string, errs io.Writer) (login, error) {
	if len(arguments) == 0 {
		return login{}, fmt.Errorf("%w: no command", errUsage)
	}
	flags := flag.NewFlagSet("rds-credentials", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	region := flags.String("region", "", "")
	var command func() (login, error)
	var required []string
	switch arguments[0] {
	case "iam":
		request := tokenRequest{}
		flags.StringVar(&request.host, "host", "", "")
		flags.IntVar(&request.port, "port", 5432, "")
		flags.StringVar(&request.user, "user", "", "")
		required = []string{"host", "user"}
		command = func() (login, error) { return request.sign(ctx, *region) }
	case "secret":
		arn := flags.String("arn", "", "")
		required = []string{"arn"}
		command = func() (login, error) { return readSecret(ctx, *region, *arn) }
	case "-h", "-help", "--help", "help":
		fmt.Fprint(errs, usage)
		return login{}, flag.ErrHelp
	default:
		return login{}, fmt.Errorf("%w: no command %q", errUsage, arguments[0])
	}
	if err := flags.Parse(arguments[1:]); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(errs, usage)
		return login{}, err
	} else if err != nil {
		return login{}, fmt.Errorf("%w: %w", errUsage, err)
	}
	if flags.NArg() > 0 {
		return login{}, fmt.Errorf("%w: unexpected %q", errUsage, flags.Arg(0))
	}
	for _, name := range required {
		if flags.Lookup(name).Value.String() == "" {
			return login{}, fmt.Errorf("%w: --%s is required", errUsage, name)
		}
	}
	return command()
}
