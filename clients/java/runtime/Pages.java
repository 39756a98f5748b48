package dataservice.runtime;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The rows of a list, page after page: while the rows of a page are used, the next page is read.
 * Each iteration begins at the first page. Rows that others create or delete meanwhile may be in it
 * or not; a row that exists all the time is in it exactly once. Iteration throws ServiceException.
 */
public final class Pages<T> implements Iterable<T> {
  /** The largest page of the service. */
  private static final int MAX_SIZE = 1000;

  private final Source<T> source;
  private final int size;
  private final String firstToken;
  private final long limit;

  Pages(Source<T> source, int size, String firstToken, long limit) {
    this.source = source;
    this.size = size;
    this.firstToken = firstToken;
    this.limit = limit;
  }

  /** At most so many rows. */
  public Pages<T> limit(long rows) {
    if (rows < 0) {
      throw new IllegalArgumentException("the limit is negative: " + rows);
    }
    return new Pages<>(source, size, firstToken, rows);
  }

  @Override
  public Iterator<T> iterator() {
    return new RowIterator<>(new PageIterator());
  }

  /** The rows as a sequential stream, which needs no close. */
  public Stream<T> stream() {
    return StreamSupport.stream(
        () -> Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED),
        Spliterator.ORDERED,
        false);
  }

  /** The pages. A page can be empty. */
  public Iterable<List<T>> pages() {
    return PageIterator::new;
  }

  /** Makes the request for a page. */
  public interface Request<Q> {
    Q of(int size, String token);
  }

  /** Starts to read a page. */
  interface Source<T> {
    Supplier<Page<T>> start(int size, String token);
  }

  record Page<T>(List<T> rows, String next) {}

  private final class PageIterator implements Iterator<List<T>> {
    private long left = limit;
    private boolean started;
    private Supplier<Page<T>> next;

    @Override
    public boolean hasNext() {
      return started ? next != null : limit > 0;
    }

    @Override
    public List<T> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Supplier<Page<T>> current = started ? next : start(firstToken);
      started = true;
      next = null;
      Page<T> page = current.get();
      List<T> rows = page.rows().subList(0, (int) Math.min(left, page.rows().size()));
      left -= rows.size();
      if (left > 0 && !page.next().isEmpty()) {
        next = start(page.next());
      }
      return rows;
    }

    private Supplier<Page<T>> start(String token) {
      return source.start((int) Math.min(left, size == 0 ? MAX_SIZE : size), token);
    }
  }

  private static final class RowIterator<T> implements Iterator<T> {
    private final Iterator<List<T>> pages;
    private Iterator<T> rows = List.<T>of().iterator();

    RowIterator(Iterator<List<T>> pages) {
      this.pages = pages;
    }

    @Override
    public boolean hasNext() {
      while (!rows.hasNext() && pages.hasNext()) {
        rows = pages.next().iterator();
      }
      return rows.hasNext();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return rows.next();
    }
  }
}
