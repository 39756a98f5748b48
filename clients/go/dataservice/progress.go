package dataservice

import "time"

// progress counts rows and reports their number once a second.
type progress struct {
	report func(int64)
	rows   int64
	next   time.Time
}

func newProgress(report func(int64)) *progress {
	if report == nil {
		report = func(int64) {}
	}
	return &progress{report: report}
}

func (p *progress) add(rows int64) {
	p.rows += rows
	// A look at the clock costs less than a row.
	if now := time.Now(); now.After(p.next) {
		p.report(p.rows)
		p.next = now.Add(time.Second)
	}
}

func (p *progress) end() { p.report(p.rows) }
