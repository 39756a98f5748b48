import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bookstore.client.Client;
import bookstore.client.runtime.ImportFailure;
import bookstore.client.runtime.ImportOptions;
import bookstore.client.runtime.InvalidArgumentException;
import bookstore.client.runtime.OutcomeUnknownException;
import bookstore.client.runtime.Rows;
import bookstore.client.runtime.ServiceException;
import bookstore.v1.Book;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Imports and exports, against the running system. */
class StreamTest {
  @ParameterizedTest
  @EnumSource
  void anImportReportsEachRefusedRow(Service service) {
    String author = Service.someAuthor();
    List<Book> rows =
        Service.books(author, 3000)
            .map(
                book ->
                    book.getTitle().endsWith("3") ? book.toBuilder().setYear(20_000).build() : book)
            .toList();
    List<Long> refused = new ArrayList<>();
    List<Long> progress = new ArrayList<>();
    ImportOptions<Book> options =
        ImportOptions.<Book>defaults()
            .withChunk(1000)
            .onProgress(result -> progress.add(result.imported() + result.refused()))
            .onRefused(failure -> refused.add(failure.position()));
    try (Client client = service.connect()) {
      var result = client.books().importRows(rows, options);
      assertEquals(2700, result.imported());
      assertEquals(300, result.refused());
      assertEquals(LongStream.range(0, 300).map(n -> n * 10 + 3).boxed().toList(), refused);
      assertEquals(List.of(1000L, 2000L, 3000L), progress);
      ImportFailure<Book> first = result.failures().get(0);
      assertEquals(rows.get(3), first.row());
      var error = assertInstanceOf(InvalidArgumentException.class, first.error());
      assertEquals("book.year", error.violations().get(0).field());
      assertTrue(!result.toString().contains(Service.PLANTED));

      List<Long> counts = new ArrayList<>();
      var selected =
          bookstore.v1.ExportBooksRequest.newBuilder()
              .setFilter("author = \"" + author + "\"")
              .build();
      try (Stream<Book> exported = client.books().exportRows(selected, counts::add).stream()) {
        assertEquals(2700, exported.count());
      }
      assertEquals(2700, counts.get(counts.size() - 1));
    }
  }

  @Test
  void eachRowIsImportedOnceWhileTheServerRestarts() throws Exception {
    String author = Service.someAuthor();
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicInteger sent = new AtomicInteger();
    Iterator<Book> rows =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return !isOver.get();
          }

          @Override
          public Book next() {
            return Service.book(author, Integer.toString(sent.getAndIncrement()));
          }
        };
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (Client client = Service.CLEARTEXT.connect()) {
      Future<?> crashes =
          pool.submit(
              () -> {
                Service.crash(2);
                isOver.set(true);
                return null;
              });
      var options = ImportOptions.<Book>defaults().withChunk(500);
      var result = client.books().importRows(() -> rows, options);
      crashes.get();
      assertEquals(sent.get(), result.imported());
      List<String> titles =
          client.books().list(request -> request.setAuthor(author)).stream()
              .map(Book::getTitle)
              .toList();
      assertEquals(sent.get(), titles.size());
      assertEquals(sent.get(), titles.stream().distinct().count());
    } finally {
      isOver.set(true);
      pool.shutdownNow();
    }
  }

  @Test
  void anErrorOfTheRowsEndsTheImport() {
    Stream<Book> rows =
        Service.books(Service.someAuthor(), 10)
            .peek(
                book -> {
                  if (book.getTitle().equals("7")) {
                    throw new IllegalStateException("no more rows");
                  }
                });
    try (Client client = Service.CLEARTEXT.connect()) {
      assertThrows(IllegalStateException.class, () -> client.books().importRows(rows::iterator));
    }
  }

  @Test
  void anImportIsNotReadAhead() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    Stream<Book> rows =
        Service.books(Service.someAuthor(), 100_000).peek(book -> taken.incrementAndGet());
    try (Client client = Service.CLEARTEXT.connect()) {
      client.books().list().limit(1).stream().count();
      Service.control("pause");
      try {
        var books = client.books().withTimeout(Duration.ofSeconds(1));
        ServiceException error =
            assertThrows(ServiceException.class, () -> books.importRows(rows::iterator));
        assertInstanceOf(OutcomeUnknownException.class, error);
        assertEquals(2000, taken.get());
      } finally {
        Service.control("resume");
      }
    }
  }

  @Test
  void anExportThatIsClosedEnds() {
    String author = Service.someAuthor();
    try (Client client = Service.CLEARTEXT.connect()) {
      client.books().importRows(Service.books(author, 2000)::iterator);
      Rows<Book> rows =
          client.books().exportRows(request -> request.setFilter("author = \"" + author + "\""));
      assertEquals("0", rows.iterator().next().getTitle());
      rows.close();
      assertTrue(!rows.iterator().hasNext());
    }
  }
}
