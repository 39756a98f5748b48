package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
	"google.golang.org/grpc"

	"dataservice/client/dataservice"
)

// profile says how to reach a service.
type profile struct {
	Address      string        `yaml:"address"`
	Cleartext    bool          `yaml:"cleartext"`
	CA           string        `yaml:"ca"`
	Certificate  string        `yaml:"certificate"`
	Key          string        `yaml:"key"`
	ServerName   string        `yaml:"server_name"`
	TokenCommand string        `yaml:"token_command"`
	Timeout      time.Duration `yaml:"timeout"`
}

// configuration is the file of the profiles.
type configuration struct {
	Default  string             `yaml:"default"`
	Profiles map[string]profile `yaml:"profiles"`
}

const defaultAddress = "127.0.0.1:50051"

func (p *program) connectionFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&p.profileName, "profile", os.Getenv(p.variable("PROFILE")), "profile of the configuration file (environment: "+p.variable("PROFILE")+")")
	flags.StringVar(&p.flags.Address, "address", "", "host:port of the service (default "+defaultAddress+", in cleartext)")
	flags.BoolVar(&p.flags.Cleartext, "cleartext", false, "connect without TLS")
	flags.StringVar(&p.flags.CA, "ca", "", "PEM file of the authorities of the service's certificate (default those of the system)")
	flags.StringVar(&p.flags.Certificate, "certificate", "", "PEM file of the client's certificate (mTLS)")
	flags.StringVar(&p.flags.Key, "key", "", "PEM file of the client's key")
	flags.StringVar(&p.flags.ServerName, "server-name", "", "name in the service's certificate (default the host of the address)")
	flags.StringVar(&p.flags.TokenCommand, "token-command", "", "shell command that prints a bearer token")
	flags.DurationVar(&p.flags.Timeout, "timeout", 0, "time for a call with its repetitions (default 30s)")
}

func (p *program) variable(name string) string { return strings.ToUpper(p.name) + "_" + name }

// configurationFile returns the path of the profiles.
func (p *program) configurationFile() (string, error) {
	if file := os.Getenv(p.variable("CONFIG")); file != "" {
		return file, nil
	}
	folder, err := os.UserConfigDir()
	return filepath.Join(folder, p.name, "config.yaml"), err
}

func (p *program) readConfiguration() (configuration, error) {
	var c configuration
	file, err := p.configurationFile()
	if err != nil {
		return c, nil // no home directory, so no profiles
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err == nil {
		err = yaml.Unmarshal(text, &c)
	}
	if err != nil {
		return c, usageError{fmt.Errorf("%s: %w", file, err)}
	}
	return c, nil
}

// settings returns the profile, with the flags that were given.
func (p *program) settings(cmd *cobra.Command) (profile, error) {
	c, err := p.readConfiguration()
	if err != nil {
		return profile{}, err
	}
	name := p.profileName
	if name == "" && !cmd.Flags().Changed("address") {
		name = c.Default
	}
	s, found := c.Profiles[name]
	if name != "" && !found {
		return s, usageError{fmt.Errorf("no profile %s", name)}
	}
	for flag, value := range map[string][2]*string{
		"address": {&s.Address, &p.flags.Address}, "ca": {&s.CA, &p.flags.CA}, "certificate": {&s.Certificate, &p.flags.Certificate},
		"key": {&s.Key, &p.flags.Key}, "server-name": {&s.ServerName, &p.flags.ServerName}, "token-command": {&s.TokenCommand, &p.flags.TokenCommand},
	} {
		if cmd.Flags().Changed(flag) {
			*value[0] = *value[1]
		}
	}
	if cmd.Flags().Changed("cleartext") {
		s.Cleartext = p.flags.Cleartext
	}
	if cmd.Flags().Changed("timeout") {
		s.Timeout = p.flags.Timeout
	}
	if s.Address == "" {
		s.Address, s.Cleartext = defaultAddress, s.CA == ""
	}
	return s, nil
}

// connect returns a connection. The caller closes it.
func (p *program) connect(cmd *cobra.Command) (*grpc.ClientConn, error) {
	s, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	options := dataservice.Options{
		Cleartext: s.Cleartext, Deadline: s.Timeout,
		TLS:  dataservice.TLS{CA: s.CA, Certificate: s.Certificate, Key: s.Key, ServerName: s.ServerName},
		GRPC: []grpc.DialOption{grpc.WithUserAgent(p.name + "-cli")},
	}
	if s.TokenCommand != "" {
		if options.Token, err = tokenSource(cmd.Context(), s.TokenCommand); err != nil {
			return nil, err
		}
	}
	return dataservice.Dial(s.Address, p.contract.methods, options)
}

// tokenSource returns the tokens that a shell command prints. The first run is at once, so
// that a command that fails is reported and not repeated until the deadline.
func tokenSource(ctx context.Context, text string) (dataservice.TokenSource, error) {
	token, err := runTokenCommand(ctx, text)
	if err != nil {
		return nil, err
	}
	var first atomic.Pointer[dataservice.Token]
	first.Store(&token)
	return func(ctx context.Context) (dataservice.Token, error) {
		if token := first.Swap(nil); token != nil {
			return *token, nil
		}
		return runTokenCommand(ctx, text)
	}, nil
}

func runTokenCommand(ctx context.Context, text string) (dataservice.Token, error) {
	command := exec.CommandContext(ctx, "sh", "-c", text)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return dataservice.Token{}, fmt.Errorf("the token command: %w", err)
	}
	return dataservice.Token{Value: strings.TrimSpace(string(output))}, nil
}
