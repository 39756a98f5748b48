import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bookstore.client.Client;
import bookstore.client.runtime.AlreadyExistsException;
import bookstore.client.runtime.DeadlineExceededException;
import bookstore.client.runtime.InvalidArgumentException;
import bookstore.client.runtime.NotFoundException;
import bookstore.client.runtime.OutcomeUnknownException;
import bookstore.client.runtime.RequestIdReusedException;
import bookstore.client.runtime.VersionMismatchException;
import bookstore.client.runtime.Violation;
import bookstore.v1.Book;
import bookstore.v1.CreateBookRequest;
import bookstore.v1.DeleteBookRequest;
import bookstore.v1.GetBookRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users of the package do with single rows and pages, against the running system. */
class ScenarioTest {
  @ParameterizedTest
  @EnumSource(names = {"CLEARTEXT", "TOKEN"})
  void creationsSurviveACrashOfTheServer(Service service) throws Exception {
    String author = Service.someAuthor();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try (Client client = service.connect()) {
      List<Future<Book>> created =
          Service.books(author, 300)
              .map(
                  book ->
                      pool.submit(
                          () -> {
                            Thread.sleep(20);
                            return client.books().create(book);
                          }))
              .toList();
      Service.crash(3);
      List<String> ids = new ArrayList<>();
      for (Future<Book> book : created) {
        ids.add(book.get().getId());
      }
      List<String> stored =
          client.books().list(request -> request.setAuthor(author)).stream()
              .map(Book::getId)
              .collect(Collectors.toCollection(ArrayList::new));
      Collections.sort(ids);
      Collections.sort(stored);
      assertEquals(ids, stored);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void pagesHaveEachRowOnceWhileOthersWrite() throws Exception {
    String author = Service.someAuthor();
    AtomicBoolean isOver = new AtomicBoolean();
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (Client client = Service.CLEARTEXT.connect()) {
      assertEquals(
          10_000, client.books().importRows(Service.books(author, 10_000)::iterator).imported());
      Future<?> writer =
          pool.submit(
              () -> {
                while (!isOver.get()) {
                  Book other = client.books().create(Service.book(author, "other"));
                  client.books().update(other.getId(), book -> book.setYear(1816));
                  client.books().delete(other.getId());
                }
              });
      List<Integer> titles = new ArrayList<>();
      for (Book book : client.books().list(request -> request.setAuthor(author).setPageSize(500))) {
        if (!book.getTitle().equals("other")) {
          titles.add(Integer.valueOf(book.getTitle()));
        }
      }
      isOver.set(true);
      writer.get();
      Collections.sort(titles);
      assertEquals(10_000, titles.size());
      assertEquals(9_999, titles.get(9_999));
      assertEquals(10_000, Set.copyOf(titles).size());

      var byTen = client.books().list(request -> request.setAuthor(author).setPageSize(10));
      assertEquals(25, byTen.limit(25).stream().count());
      assertEquals(0, byTen.limit(0).stream().count());
      List<Integer> sizes = new ArrayList<>();
      byTen.limit(25).pages().forEach(page -> sizes.add(page.size()));
      assertEquals(List.of(10, 10, 5), sizes);
      assertEquals(byTen.iterator().next(), byTen.iterator().next());
    } finally {
      isOver.set(true);
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInvalidBookNamesItsFields(Service service) {
    Book invalid = Book.newBuilder().setAuthor(Service.PLANTED).setYear(20_000).build();
    try (Client client = service.connect()) {
      var error =
          assertThrows(InvalidArgumentException.class, () -> client.books().create(invalid));
      assertEquals(
          Set.of("book.title", "book.publisher", "book.year"),
          error.violations().stream().map(Violation::field).collect(Collectors.toSet()));
      assertFalse(error.requestId().isEmpty());
      assertTrue(error.getMessage().contains(error.requestId()));
      assertFalse(error.getMessage().contains(Service.PLANTED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorsHaveTypes(Service service) {
    String author = Service.someAuthor();
    try (Client client = service.connect()) {
      CreateBookRequest request =
          CreateBookRequest.newBuilder()
              .setBook(Service.book(author, "Emma"))
              .setRequestId(UUID.randomUUID().toString())
              .build();
      Book book = client.books().create(request);
      assertEquals(book.getId(), client.books().create(request).getId());
      CreateBookRequest other = request.toBuilder().setBook(Service.book(author, "Other")).build();
      assertThrows(RequestIdReusedException.class, () -> client.books().create(other));
      var exists = assertThrows(AlreadyExistsException.class, () -> client.books().create(book));
      assertTrue(exists.resource().contains(book.getId()));
      assertThrows(NotFoundException.class, () -> client.books().get(UUID.randomUUID().toString()));
      DeleteBookRequest old =
          DeleteBookRequest.newBuilder().setId(book.getId()).setEtag("0").build();
      assertThrows(VersionMismatchException.class, () -> client.books().delete(old));
      client.books().delete(book.getId());
      assertThrows(NotFoundException.class, () -> client.books().delete(book.getId()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConflictIsResolved(Service service) {
    try (Client client = service.connect()) {
      Book book = client.books().create(Service.book(Service.someAuthor(), "Emma"));
      AtomicInteger calls = new AtomicInteger();
      Book changed =
          client
              .books()
              .update(
                  book.getId(),
                  row -> {
                    if (calls.incrementAndGet() == 1) {
                      Book other =
                          Book.newBuilder().setId(row.getId()).setTitle("Of another").build();
                      client.books().patch(other);
                    }
                    row.setPublisher("Changed in call " + calls.get());
                  });
      assertEquals(2, calls.get());
      assertEquals("Of another", changed.getTitle());
      assertEquals("Changed in call 2", changed.getPublisher());
      // No difference, no write.
      assertEquals(changed, client.books().update(book.getId(), row -> row.setYear(1815)));
      assertThrows(
          IllegalArgumentException.class,
          () -> client.books().update(book.getId(), row -> row.setId("another")));
    }
  }

  @Test
  void concurrentChangesAreAllKept() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (Client client = Service.CLEARTEXT.connect()) {
      Book book = client.books().create(Service.book(Service.someAuthor(), "Emma"));
      List<Future<Book>> changes = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        changes.add(
            pool.submit(
                () -> client.books().update(book.getId(), row -> row.setYear(row.getYear() + 1))));
      }
      for (Future<Book> change : changes) {
        change.get();
      }
      assertEquals(1835, client.books().get(book.getId()).getYear());
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aCallEndsAtItsDeadline() throws Exception {
    try (Client client = Service.CLEARTEXT.connect()) {
      Book book = client.books().create(Service.book(Service.someAuthor(), "Emma"));
      Book change = Book.newBuilder().setId(book.getId()).setYear(7).build();
      var books = client.books().withTimeout(Duration.ofMillis(500));
      Service.control("pause");
      try {
        long started = System.nanoTime();
        assertThrows(DeadlineExceededException.class, () -> books.get(book.getId()));
        assertThrows(OutcomeUnknownException.class, () -> books.patch(change));
        assertTrue(System.nanoTime() - started < 5_000_000_000L); // the default is 30 s
      } finally {
        Service.control("resume");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchesAndTheBareStub(Service service) {
    String author = Service.someAuthor();
    try (Client client = service.connect()) {
      List<Book> created = client.books().batchCreate(Service.books(author, 3).toList());
      assertEquals(created, client.books().batchGet(created.stream().map(Book::getId).toList()));
      GetBookRequest request = GetBookRequest.newBuilder().setId(created.get(0).getId()).build();
      assertEquals(created.get(0), client.books().stub().getBook(request));
      client
          .books()
          .batchDelete(
              created.stream()
                  .map(book -> DeleteBookRequest.newBuilder().setId(book.getId()).build())
                  .toList());
      assertInstanceOf(
          NotFoundException.class,
          assertThrows(RuntimeException.class, () -> client.books().get(request)));
    }
  }
}
