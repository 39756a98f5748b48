import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bookstore.client.Client;
import bookstore.client.runtime.Options;
import bookstore.client.runtime.PermissionDeniedException;
import bookstore.client.runtime.Rows;
import bookstore.client.runtime.ServiceException;
import bookstore.v1.BatchCreateBooksRequest;
import bookstore.v1.BatchCreateBooksResponse;
import bookstore.v1.BatchGetBooksRequest;
import bookstore.v1.BatchGetBooksResponse;
import bookstore.v1.Book;
import bookstore.v1.BookServiceGrpc;
import bookstore.v1.CreateBookRequest;
import bookstore.v1.DeleteBookRequest;
import bookstore.v1.ExportBooksRequest;
import bookstore.v1.GetBookRequest;
import bookstore.v1.ImportBooksResponse;
import bookstore.v1.ListBooksRequest;
import bookstore.v1.ListBooksResponse;
import bookstore.v1.UpdateBookRequest;
import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.rpc.RetryInfo;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the calls of a client and its views must see: a server that records their metadata. */
class EventualTest {
  private static final Metadata.Key<String> READ_CONSISTENCY =
      Metadata.Key.of("read-consistency", Metadata.ASCII_STRING_MARSHALLER);
  private static final String BOUNDED = "eventual; max-staleness=";
  private static final long PAUSE_MILLIS = 20;

  /** The read-consistency of each call, or an empty string. */
  private final Queue<String> sent = new ConcurrentLinkedQueue<>();

  /** The failures that come before a success. */
  private final Queue<StatusRuntimeException> failures = new ConcurrentLinkedQueue<>();

  private Server server;
  private Client client;

  private enum Read {
    GET(1, client -> client.books().get("1")),
    BATCH_GET(1, client -> client.books().batchGet(List.of("1", "2"))),
    LIST(2, client -> client.books().list().forEach(row -> {})),
    EXPORT(
        1,
        client -> {
          try (Rows<Book> rows = client.books().exportRows()) {
            rows.forEach(row -> {});
          }
        });

    private final int calls;
    private final Consumer<Client> of;

    Read(int calls, Consumer<Client> of) {
      this.calls = calls;
      this.of = of;
    }
  }

  private enum Write {
    CREATE(client -> client.books().create(Book.getDefaultInstance())),
    PATCH(client -> client.books().patch(Book.getDefaultInstance())),
    DELETE(client -> client.books().delete("1")),
    BATCH_CREATE(client -> client.books().batchCreate(List.of(Book.getDefaultInstance()))),
    IMPORT(client -> client.books().importRows(List.of(Book.getDefaultInstance())));

    private final Consumer<Client> of;

    Write(Consumer<Client> of) {
      this.of = of;
    }
  }

  private static final class Books extends BookServiceGrpc.BookServiceImplBase {
    private static <T> void answer(T value, StreamObserver<T> response) {
      response.onNext(value);
      response.onCompleted();
    }

    @Override
    public void getBook(GetBookRequest request, StreamObserver<Book> response) {
      answer(Book.newBuilder().setId(request.getId()).setEtag("1").build(), response);
    }

    @Override
    public void batchGetBooks(
        BatchGetBooksRequest request, StreamObserver<BatchGetBooksResponse> response) {
      answer(BatchGetBooksResponse.getDefaultInstance(), response);
    }

    @Override
    public void listBooks(ListBooksRequest request, StreamObserver<ListBooksResponse> response) {
      var page = ListBooksResponse.newBuilder().addBooks(Book.getDefaultInstance());
      if (request.getPageToken().isEmpty()) {
        page.setNextPageToken("2");
      }
      answer(page.build(), response);
    }

    @Override
    public void exportBooks(ExportBooksRequest request, StreamObserver<Book> response) {
      answer(Book.getDefaultInstance(), response);
    }

    @Override
    public void createBook(CreateBookRequest request, StreamObserver<Book> response) {
      answer(request.getBook(), response);
    }

    @Override
    public void updateBook(UpdateBookRequest request, StreamObserver<Book> response) {
      answer(request.getBook(), response);
    }

    @Override
    public void deleteBook(DeleteBookRequest request, StreamObserver<Empty> response) {
      answer(Empty.getDefaultInstance(), response);
    }

    @Override
    public void batchCreateBooks(
        BatchCreateBooksRequest request, StreamObserver<BatchCreateBooksResponse> response) {
      answer(BatchCreateBooksResponse.getDefaultInstance(), response);
    }

    @Override
    public StreamObserver<CreateBookRequest> importBooks(
        StreamObserver<ImportBooksResponse> response) {
      return new StreamObserver<>() {
        @Override
        public void onNext(CreateBookRequest request) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
          answer(ImportBooksResponse.getDefaultInstance(), response);
        }
      };
    }
  }

  /** Records the metadata, and answers with the next failure if there is one. */
  private final class Recorder implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      Iterable<String> values = headers.getAll(READ_CONSISTENCY);
      sent.add(values == null ? "" : String.join(", ", values));
      StatusRuntimeException failure = failures.poll();
      if (failure == null) {
        return next.startCall(call, headers);
      }
      Metadata trailers = failure.getTrailers();
      call.close(failure.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
  }

  private static StatusRuntimeException busy(long milliseconds) {
    var delay = com.google.protobuf.Duration.newBuilder().setNanos((int) milliseconds * 1_000_000);
    var status = com.google.rpc.Status.newBuilder().setCode(Status.Code.UNAVAILABLE.value());
    status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()));
    return StatusProto.toStatusRuntimeException(status.build());
  }

  @BeforeEach
  void start() throws Exception {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .directExecutor()
            .addService(new Books())
            .intercept(new Recorder())
            .build()
            .start();
    client = new Client("127.0.0.1:" + server.getPort(), Options.cleartext());
  }

  @AfterEach
  void stop() {
    client.close();
    server.shutdownNow();
  }

  /** The metadata of the calls since the last look. */
  private List<String> taken() {
    List<String> calls = new ArrayList<>(sent);
    sent.clear();
    return calls;
  }

  private static long millis(String consistency) {
    assertTrue(consistency.matches("eventual; max-staleness=\\d+ms"), consistency);
    return Long.parseLong(consistency.substring(BOUNDED.length(), consistency.length() - 2));
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  private static void pause() throws InterruptedException {
    long start = System.nanoTime();
    while (millisSince(start) < PAUSE_MILLIS) {
      Thread.sleep(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachReadOfAViewIsEventual(Read read) {
    read.of.accept(client);
    read.of.accept(client.eventual());
    read.of.accept(client.eventual(Duration.ofMillis(250)));
    read.of.accept(client.eventual(Duration.ofMillis(250)).eventual());
    List<String> expected = new ArrayList<>();
    for (String consistency : List.of("", "eventual", BOUNDED + "250ms", "eventual")) {
      for (int call = 0; call < read.calls; call++) {
        expected.add(consistency);
      }
    }
    assertEquals(expected, taken());
  }

  @ParameterizedTest
  @EnumSource
  void writesAreTheSameInAView(Write write) {
    write.of.accept(client.eventual(Duration.ofHours(1)));
    assertEquals(List.of(""), taken());
  }

  @ParameterizedTest
  @EnumSource
  void readsSeeTheWritesOfTheClientAndItsViews(Write write) throws Exception {
    Client view = client.eventual(Duration.ofHours(1));
    view.books().get("1");
    assertEquals(List.of(BOUNDED + "3600000ms"), taken());
    for (Client writer : List.of(client, client.eventual())) {
      long started = System.nanoTime();
      write.of.accept(writer);
      pause();
      taken();
      for (Read read : Read.values()) {
        read.of.accept(view);
        read.of.accept(client.eventual());
        List<String> calls = taken();
        assertEquals(2 * read.calls, calls.size());
        for (String call : calls) {
          assertTrue(millis(call) >= PAUSE_MILLIS && millis(call) <= millisSince(started), call);
        }
        // The bound of the view, if it is shorter.
        read.of.accept(client.eventual(Duration.ofMillis(PAUSE_MILLIS - 1)));
        taken().forEach(call -> assertEquals(PAUSE_MILLIS - 1, millis(call)));
      }
    }
  }

  @Test
  void aWriteThatFailedIsSeenToo() {
    failures.add(Status.PERMISSION_DENIED.asRuntimeException());
    long started = System.nanoTime();
    assertThrows(PermissionDeniedException.class, () -> client.books().delete("1"));
    client.eventual().books().get("1");
    assertTrue(millis(taken().get(1)) <= millisSince(started));
  }

  @Test
  void aRepeatedAttemptSaysAnewWhatItMustSee() {
    client.books().delete("1");
    failures.addAll(List.of(busy(100), busy(100)));
    client.eventual().books().get("1");
    List<String> calls = taken();
    assertEquals(4, calls.size());
    assertTrue(millis(calls.get(1)) < millis(calls.get(2)), calls::toString);
    assertTrue(millis(calls.get(2)) < millis(calls.get(3)), calls::toString);
  }

  @Test
  void anUpdateReadsFromTheDatabaseItself() {
    var books = client.eventual(Duration.ofHours(1)).books();
    books.update("1", book -> book.setYear(1815));
    assertEquals(List.of("", ""), taken());
    books.withTimeout(Duration.ofMinutes(1)).get("1");
    assertTrue(taken().get(0).startsWith(BOUNDED));
  }

  @Test
  void maxStalenessIsBoundedAndRoundedDown() {
    for (Duration given : List.of(Duration.ZERO, Duration.ofNanos(1_999_999), Duration.ofDays(2))) {
      client.eventual(given).books().get("1");
    }
    client.eventual(Duration.ofSeconds(Long.MAX_VALUE)).books().get("1");
    assertEquals(
        List.of(0L, 1L, 86_400_000L, 86_400_000L),
        taken().stream().map(EventualTest::millis).toList());
    assertThrows(IllegalArgumentException.class, () -> client.eventual(Duration.ofNanos(-1)));
    assertThrows(NullPointerException.class, () -> client.eventual(null));
  }

  @Test
  void aViewEndsWithItsClient() {
    Client view = client.eventual();
    view.close();
    client.books().get("1");
    view.books().get("1");
    assertEquals(List.of("", "eventual"), taken());
    client.close();
    client.close();
    assertThrows(ServiceException.class, () -> view.books().get("1"));
  }
}
