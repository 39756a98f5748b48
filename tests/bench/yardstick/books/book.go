// Package books stores books in PostgreSQL and checks them by the contract's rules.
package books

import (
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Book is a row, and its JSON in the product's format.
type Book struct {
	ID         string    `json:"id"`
	Title      string    `json:"title"`
	Author     string    `json:"author"`
	Publisher  string    `json:"publisher"`
	Year       int32     `json:"year"`
	CreateTime time.Time `json:"createTime"`
	UpdateTime time.Time `json:"updateTime"`
	Etag       string    `json:"etag"`
}

// Page is the response of a list.
type Page struct {
	Books         []Book `json:"books"`
	NextPageToken string `json:"nextPageToken,omitempty"`
}

// Limits of the page size.
const (
	DefaultPageSize = 50
	MaxPageSize     = 1000
)

// secondsBefore1970 makes every version positive, as in the product.
const secondsBefore1970 = 62135596800

// stamp sets the version, which is the time of the last change.
func (b *Book) stamp() {
	b.CreateTime = b.CreateTime.UTC()
	b.UpdateTime = b.UpdateTime.UTC()
	b.Etag = strconv.FormatInt(b.UpdateTime.UnixMicro()+secondsBefore1970*1_000_000, 16)
}

// IsID reports whether a text is a UUID in its canonical length.
func IsID(text string) bool { return len(text) == 36 && uuid.Validate(text) == nil }

// Validate checks a new book by the contract's rules. The error holds all violations.
func (b *Book) Validate() error {
	var violations []error
	if b.ID != "" && !IsID(b.ID) {
		violations = append(violations, errors.New("id: must be a valid UUID"))
	}
	text := func(name, value string, most int) {
		if length := utf8.RuneCountInString(value); length == 0 {
			violations = append(violations, fmt.Errorf("%s: value is required", name))
		} else if length > most {
			violations = append(violations, fmt.Errorf("%s: length must be at most %d characters", name, most))
		}
	}
	text("title", b.Title, 200)
	text("author", b.Author, 100)
	text("publisher", b.Publisher, 100)
	if b.Year == 0 {
		violations = append(violations, errors.New("year: value is required"))
	} else if b.Year < -3000 || b.Year > 9999 {
		violations = append(violations, errors.New("year: must be from -3000 to 9999"))
	}
	return errors.Join(violations...)
}
