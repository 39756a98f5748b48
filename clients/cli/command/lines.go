package command

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// line is a row of a file: of NDJSON, or a record of CSV.
type line struct {
	number int64 // from 0, without the header of CSV
	raw    []byte
	row    *dynamicpb.Message
	err    error // why there is no row
}

// lines returns the lines of a file. header is the first record of a CSV file, or empty.
func (c *contract) lines(file io.Reader, isCSV bool, of protoreflect.MessageDescriptor, header *[]byte) iter.Seq2[line, error] {
	if isCSV {
		return c.records(file, of, header)
	}
	return func(yield func(line, error) bool) {
		reader := bufio.NewReaderSize(file, 1<<20)
		for number := int64(0); ; {
			raw, err := reader.ReadBytes('\n')
			if raw = bytes.TrimSpace(raw); len(raw) > 0 {
				l := line{number: number, raw: append(raw, '\n'), row: dynamicpb.NewMessage(of)}
				l.err = protojson.UnmarshalOptions{Resolver: c.types}.Unmarshal(raw, l.row)
				if !yield(l, nil) {
					return
				}
				number++
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(line{}, err)
				return
			}
		}
	}
}

func (c *contract) records(file io.Reader, of protoreflect.MessageDescriptor, header *[]byte) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		reader := csv.NewReader(bufio.NewReaderSize(file, 1<<20))
		names, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(line{}, usageError{err})
			return
		}
		names[0] = strings.TrimPrefix(names[0], "\ufeff") // the byte order mark of spreadsheets
		for _, name := range names {
			first, _, _ := strings.Cut(name, ".")
			if fieldOf(of, first) == nil {
				yield(line{}, usageError{fmt.Errorf("%s has no field %s, which the file's first line names", of.Name(), name)})
				return
			}
		}
		*header = record(names)
		for number := int64(0); ; number++ {
			cells, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil && !errors.Is(err, csv.ErrFieldCount) {
				yield(line{}, usageError{err})
				return
			}
			l := line{number: number, raw: record(cells), row: dynamicpb.NewMessage(of), err: err}
			for i := 0; i < len(cells) && l.err == nil; i++ {
				if cells[i] != "" { // an empty cell is a field that is not set
					l.err = c.set(l.row, names[i], cells[i])
				}
			}
			if !yield(l, nil) {
				return
			}
		}
	}
}

// record returns cells as a line of CSV.
func record(cells []string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(cells) // a buffer does not fail
	w.Flush()
	return out.Bytes()
}
