package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// book is a row, and its JSON as the product has it.
type book struct {
	ID         string    `json:"id"`
	Title      string    `json:"title"`
	Author     string    `json:"author"`
	Publisher  string    `json:"publisher"`
	Year       int32     `json:"year"`
	CreateTime time.Time `json:"createTime"`
	UpdateTime time.Time `json:"updateTime"`
	Etag       string    `json:"etag"`
}

// page is the answer of a list.
type page struct {
	Books         []book `json:"books"`
	NextPageToken string `json:"nextPageToken,omitempty"`
}

// secondsBefore1970 makes every version positive, as the product's are.
const secondsBefore1970 = 62135596800

// stamp sets the version, which is made of the time of the last change.
func (b *book) stamp() {
	b.CreateTime = b.CreateTime.UTC()
	b.UpdateTime = b.UpdateTime.UTC()
	b.Etag = strconv.FormatInt(b.UpdateTime.UnixMicro()+secondsBefore1970*1_000_000, 16)
}

// validate checks a new book by the contract's rules; all faults at once.
func (b *book) validate() error {
	var faults []error
	if b.ID != "" {
		if _, err := uuid.Parse(b.ID); err != nil || len(b.ID) != 36 {
			faults = append(faults, errors.New("id: must be a valid UUID"))
		}
	}
	text := func(name, value string, most int) {
		if length := utf8.RuneCountInString(value); length == 0 {
			faults = append(faults, fmt.Errorf("%s: value is required", name))
		} else if length > most {
			faults = append(faults, fmt.Errorf("%s: length must be at most %d characters", name, most))
		}
	}
	text("title", b.Title, 200)
	text("author", b.Author, 100)
	text("publisher", b.Publisher, 100)
	if b.Year == 0 {
		faults = append(faults, errors.New("year: value is required"))
	} else if b.Year < -3000 || b.Year > 9999 {
		faults = append(faults, errors.New("year: must be from -3000 to 9999"))
	}
	return errors.Join(faults...)
}
