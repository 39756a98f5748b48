package command

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// importState makes an import resumable. It is in the file FILE.import while an import has
// not ended.
type importState struct {
	// ID identifies the import. The request_id of a line follows from it and the line's
	// number, so that a line that is sent again is created once.
	ID string `json:"id"`
	// Done is the number of lines that were imported or refused.
	Done int64 `json:"done"`
	// Size and Modified are those of the file.
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`

	path string
}

// loadState returns the state of an earlier import of the file, or a new one.
func loadState(file string) (*importState, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, usageError{err}
	}
	s := &importState{path: file + ".import"}
	text, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		s.ID, s.Size, s.Modified = rand.Text(), info.Size(), info.ModTime().UTC()
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, s)
	}
	if err != nil {
		return nil, err
	}
	if s.Size != info.Size() || !s.Modified.Equal(info.ModTime()) {
		return nil, usageError{fmt.Errorf("%s was changed since its import was interrupted after %d lines; delete %s to import all of it again", file, s.Done, s.path)}
	}
	return s, nil
}

func (s *importState) requestID(number int64) string {
	digest := sha256.Sum256(fmt.Appendf(nil, "%s %d", s.ID, number))
	return hex.EncodeToString(digest[:16])
}

func (s *importState) save() error {
	text, err := json.Marshal(s)
	if err == nil {
		err = os.WriteFile(s.path+".new", text, 0o600)
	}
	if err == nil {
		err = os.Rename(s.path+".new", s.path)
	}
	return err
}

func (s *importState) remove() { _ = os.Remove(s.path) }

// importSource returns the file whose lines are to be sent: FILE.retry with the lines that
// an earlier import of FILE has refused, or FILE. It makes FILE.retry of FILE.refused.
func importSource(file string) (string, error) {
	exists := func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	}
	retry := file + ".retry"
	if exists(retry) || exists(file+".import") || !exists(file+".refused") {
		if exists(retry) {
			return retry, nil
		}
		return file, nil
	}
	return retry, os.Rename(file+".refused", retry)
}
