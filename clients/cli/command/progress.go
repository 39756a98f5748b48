package command

import (
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar shows the progress on the standard error if that is a terminal.
type bar struct {
	bar  *progressbar.ProgressBar
	text string
}

// newBar returns the bar of a number of rows; -1 if it is not known.
func newBar(rows int64, text string) *bar {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return &bar{}
	}
	return &bar{text: text, bar: progressbar.NewOptions64(rows,
		progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(text), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetItsString("rows"), progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())}
}

func (b *bar) show(rows, refused int64) {
	if b.bar == nil {
		return
	}
	if refused > 0 {
		b.bar.Describe(fmt.Sprintf("%s, %d refused", b.text, refused))
	}
	_ = b.bar.Set64(rows)
}

// end removes the bar; the caller prints the result.
func (b *bar) end() {
	if b.bar != nil {
		_ = b.bar.Clear()
	}
}
