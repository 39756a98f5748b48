package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"dataservice/client/dataservice"
)

const importHelp = `
FILE is NDJSON, a resource in each line, or CSV (FILE.csv), whose first line has the names
of the fields; an empty cell is a field that is not set.

Lines that are refused are written to FILE.refused. Correct them there: the same command
then sends only these. An import that was interrupted (the state is in FILE.import) goes on
where it ended, and creates no line twice.`

func (p *program) importCommand(r *resource, m *method) *cobra.Command {
	command := &cobra.Command{Use: "import FILE", Args: exactly(1), Short: comment(m.descriptor), Long: comment(m.descriptor) + "\n" + importHelp}
	command.RunE = p.run(func(cmd *cobra.Command, connection *grpc.ClientConn, args []string) error {
		source, err := importSource(args[0])
		if err != nil {
			return err
		}
		if source != args[0] {
			fmt.Fprintf(os.Stderr, "sending the lines that were refused before (%s)\n", source)
		}
		state, err := loadState(source)
		if err != nil {
			return err
		}
		if state.Done > 0 {
			fmt.Fprintf(os.Stderr, "going on after line %d\n", state.Done)
		}
		i := &importRun{
			program: p, resource: r, method: m, state: state, isCSV: strings.HasSuffix(args[0], ".csv"),
			source: source, refused: args[0] + ".refused",
		}
		return i.run(cmd.Context(), connection, source != args[0])
	})
	return command
}

// importRun is one run of an import.
type importRun struct {
	*program
	resource        *resource
	method          *method
	state           *importState
	isCSV           bool
	source, refused string

	header     []byte
	rejected   bytes.Buffer // lines that are not in the file of refused lines yet
	numbers    []int64      // of the lines that were sent and are not confirmed
	confirmed  int64        // of the lines that were sent
	unreadable int64        // lines that were not sent, because they cannot be read
	shown      int          // errors that were printed
	bar        *bar
}

func (i *importRun) run(ctx context.Context, connection *grpc.ClientConn, removeSource bool) error {
	file, err := os.Open(i.source)
	if err != nil {
		return usageError{err}
	}
	defer file.Close()
	total, err := countLines(file, i.isCSV)
	if err != nil {
		return err
	}
	if err := i.state.save(); err != nil { // the ids of the lines, in case this run is killed
		return err
	}
	i.bar = newBar(total, "imported")
	result, err := dataservice.Import(ctx, i.importMethod(connection), i.rows(file), dataservice.ImportOptions[line]{
		Refused:  func(_ int64, l line, err error) { i.refuse(l, err) },
		Progress: i.confirm,
	})
	i.bar.end()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%d lines done; the same command goes on there\n", i.state.Done)
		return err
	}
	if err := i.flush(); err != nil {
		return err
	}
	i.state.remove()
	if removeSource {
		_ = os.Remove(i.source)
	}
	refused := result.Refused + i.unreadable
	fmt.Fprintf(os.Stderr, "%d imported, %d refused\n", result.Imported, refused)
	if refused > 0 {
		return fmt.Errorf("%w; they are in %s: correct them there, and run the same command again", errRefused, i.refused)
	}
	return nil
}

func (i *importRun) importMethod(connection *grpc.ClientConn) dataservice.ImportMethod[line] {
	m := i.method
	element := i.contract.all[m.Element]
	return dataservice.ImportMethod[line]{
		Open: func(ctx context.Context) (grpc.ClientStream, error) {
			return connection.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true}, m.path())
		},
		Request: func(l line) proto.Message {
			request := m.request()
			setMessage(request, m.Body, l.row)
			if element != nil && element.RequestID != "" {
				setString(request, element.RequestID, i.state.requestID(l.number))
			}
			return request
		},
		Response: func() proto.Message { return m.response() },
		Fields: dataservice.ImportFields{
			RequestID: requestIDOf(element), Failed: m.Import.FailedCount, Failures: m.Import.Failures,
			Position: m.Import.Position, Status: m.Import.Status,
		},
	}
}

func requestIDOf(m *method) string {
	if m == nil {
		return ""
	}
	return m.RequestID
}

// rows yields the lines that were not done before; a line that cannot be read is refused.
func (i *importRun) rows(file io.Reader) func(func(line, error) bool) {
	return func(yield func(line, error) bool) {
		for l, err := range i.contract.lines(file, i.isCSV, i.resource.descriptor, &i.header) {
			switch {
			case err != nil:
				yield(l, err)
				return
			case l.number < i.state.Done:
				continue
			case l.err != nil:
				i.unreadable++
				i.refuse(l, l.err)
				continue
			}
			i.numbers = append(i.numbers, l.number)
			if !yield(l, nil) {
				return
			}
		}
	}
}

// errorsShown is the number of errors that are printed.
const errorsShown = 5

func (i *importRun) refuse(l line, err error) {
	i.rejected.Write(l.raw)
	if i.shown++; i.shown <= errorsShown {
		i.bar.end()
		fmt.Fprintf(os.Stderr, "line %d: ", l.number+1)
		printError(os.Stderr, err)
	}
}

// confirm records that the service has confirmed the lines of a chunk.
func (i *importRun) confirm(result dataservice.ImportResult) {
	done := result.Imported + result.Refused
	last := i.numbers[done-i.confirmed-1]
	i.numbers = i.numbers[done-i.confirmed:]
	i.confirmed = done
	i.bar.show(last+1, result.Refused+i.unreadable)
	if i.flush() == nil {
		i.state.Done = last + 1
		_ = i.state.save() // without it a re-run sends lines again, which are created once
	}
}

// flush appends the refused lines to their file.
func (i *importRun) flush() error {
	if i.rejected.Len() == 0 {
		return nil
	}
	file, err := os.OpenFile(i.refused, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if info, err := file.Stat(); err == nil && info.Size() == 0 {
		_, _ = file.Write(i.header)
	}
	_, err = file.Write(i.rejected.Bytes())
	i.rejected.Reset()
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// countLines counts the lines of a file, without the header of CSV, and returns to its
// start. A record of CSV with several lines counts as several.
func countLines(file *os.File, isCSV bool) (int64, error) {
	buffer, total := make([]byte, 1<<20), int64(0)
	if isCSV {
		total = -1
	}
	for {
		n, err := file.Read(buffer)
		total += int64(bytes.Count(buffer[:n], []byte{'\n'}))
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	_, err := file.Seek(0, io.SeekStart)
	return total, err
}
