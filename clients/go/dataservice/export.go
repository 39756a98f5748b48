package dataservice

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// ExportOptions are options of Export.
type ExportOptions struct {
	// Progress is called with the number of rows, after the first row, each second, and at
	// the end.
	Progress func(rows int64)
	// Idle is the longest time that the service may take for a row. Default: 60 s.
	Idle time.Duration
	// Retry bounds the repetitions of an export that fails before its first row.
	Retry Retry
}

// Export returns the rows of an export. The service sends them no faster than they are
// used. An export that fails after its first row is not repeated; its error is the last
// element.
func Export[Row any, Stream interface{ Recv() (Row, error) }](ctx context.Context,
	open func(context.Context) (Stream, error), options ExportOptions,
) iter.Seq2[Row, error] {
	if options.Idle <= 0 {
		options.Idle = time.Minute
	}
	retry := options.Retry.withDefaults()
	return func(yield func(Row, error) bool) {
		report := newProgress(options.Progress)
		defer report.end()
		for attempt := 1; ; attempt++ {
			err := exportOnce(ctx, open, options.Idle, report, yield)
			if err == nil {
				return
			}
			var e *Error
			repeatable := errors.As(err, &e) && (e.Code == codes.Unavailable || e.RetryAfter > 0)
			if report.rows > 0 || !repeatable || !retry.wait(ctx, attempt, e.RetryAfter) {
				var none Row
				yield(none, err)
				return
			}
		}
	}
}

// exportOnce opens the stream and yields its rows. It returns nil at the end of the stream,
// and if the consumer has ended the loop.
func exportOnce[Row any, Stream interface{ Recv() (Row, error) }](ctx context.Context,
	open func(context.Context) (Stream, error), idle time.Duration, report *progress, yield func(Row, error) bool,
) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silent := status.Error(codes.DeadlineExceeded, "the service sent no row of the export for "+idle.String())
	timer := time.AfterFunc(idle, func() { cancel(silent) })
	defer timer.Stop()
	stream, err := open(ctx)
	for err == nil {
		var row Row
		if row, err = stream.Recv(); err != nil {
			break
		}
		// While the consumer works, the service waits for it.
		timer.Stop()
		report.add(1)
		if !yield(row, nil) {
			return nil
		}
		timer.Reset(idle)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	var e *Error
	if context.Cause(ctx) == silent && errors.As(err, &e) {
		return newFailure(e.Method, e.RequestID, status.Convert(silent)).typed(false)
	}
	return err
}
