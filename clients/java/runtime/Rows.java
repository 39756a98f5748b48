package dataservice.runtime;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The rows of an export, which can be iterated once, by one thread. The service sends them no
 * faster than they are used. Close it if it is not read to its end: the service waits otherwise.
 * Iteration throws ServiceException.
 */
public final class Rows<T> implements Iterable<T>, AutoCloseable {
  private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Download<?, T> download;
  private final RowIterator iterator = new RowIterator();
  private final LongConsumer progress;
  private long count;
  private long nextReport = System.nanoTime();

  Rows(Download<?, T> download, LongConsumer progress) {
    this.download = download;
    this.progress = progress;
  }

  /** The rows that have not been read yet. */
  @Override
  public Iterator<T> iterator() {
    return iterator;
  }

  /** The rows as a sequential stream; its close closes the export. */
  public Stream<T> stream() {
    Spliterator<T> rows = Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED);
    return StreamSupport.stream(rows, false).onClose(this::close);
  }

  @Override
  public void close() {
    download.cancel();
  }

  private T read() {
    T row = download.next();
    if (row == null) {
      progress.accept(count);
      return null;
    }
    count++;
    if (System.nanoTime() - nextReport >= 0) {
      nextReport = System.nanoTime() + REPORT_NANOS;
      progress.accept(count);
    }
    return row;
  }

  private final class RowIterator implements Iterator<T> {
    private T row;
    private boolean isEnded;

    @Override
    public boolean hasNext() {
      if (row == null && !isEnded) {
        row = read();
        isEnded = row == null;
      }
      return row != null;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      T found = row;
      row = null;
      return found;
    }
  }
}
