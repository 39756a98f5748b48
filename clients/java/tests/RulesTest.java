import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bookstore.client.Client;
import bookstore.client.runtime.Options;
import bookstore.client.runtime.OutcomeUnknownException;
import bookstore.client.runtime.Policy;
import bookstore.client.runtime.ServiceException;
import bookstore.client.runtime.Tls;
import bookstore.client.runtime.Token;
import bookstore.client.runtime.TooBusyException;
import bookstore.client.runtime.UnauthenticatedException;
import bookstore.client.runtime.UnavailableException;
import bookstore.v1.Book;
import bookstore.v1.BookServiceGrpc;
import bookstore.v1.CreateBookRequest;
import bookstore.v1.GetBookRequest;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which calls are repeated: a server that answers what a test needs. */
class RulesTest {
  private static final StatusRuntimeException LOST = failure(Status.Code.UNAVAILABLE);

  /** The failures that come before a success. */
  private final Queue<StatusRuntimeException> failures = new ArrayDeque<>();

  private final List<String> ids = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private Server server;
  private Client client;

  private static StatusRuntimeException failure(Status.Code code, Message... details) {
    var status = com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage("no");
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    return details.length == 0
        ? code.toStatus().asRuntimeException()
        : StatusProto.toStatusRuntimeException(status.build());
  }

  private static Message reason(String name) {
    return ErrorInfo.newBuilder().setReason(name).setDomain("dataservice").build();
  }

  private static Message retryAfter(int milliseconds) {
    var delay = com.google.protobuf.Duration.newBuilder().setNanos(milliseconds * 1_000_000);
    return RetryInfo.newBuilder().setRetryDelay(delay).build();
  }

  private final class Books extends BookServiceGrpc.BookServiceImplBase {
    @Override
    public void getBook(GetBookRequest request, StreamObserver<Book> response) {
      answer("", response);
    }

    @Override
    public void createBook(CreateBookRequest request, StreamObserver<Book> response) {
      answer(request.getRequestId(), response);
    }

    private void answer(String id, StreamObserver<Book> response) {
      ids.add(id);
      times.add(System.nanoTime());
      StatusRuntimeException failure = failures.poll();
      if (failure != null) {
        response.onError(failure);
        return;
      }
      response.onNext(Book.getDefaultInstance());
      response.onCompleted();
    }
  }

  @BeforeEach
  void start() throws Exception {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .directExecutor()
            .addService(new Books())
            .build()
            .start();
    Policy fast =
        Policy.DEFAULT
            .withTimeout(Duration.ofSeconds(5))
            .withBackoff(Duration.ofMillis(10), Duration.ofMillis(50))
            .withMaxAttempts(4);
    client = new Client("127.0.0.1:" + server.getPort(), Options.cleartext().withPolicy(fast));
  }

  @AfterEach
  void stop() {
    client.close();
    server.shutdownNow();
  }

  private void create() {
    client.books().create(Book.getDefaultInstance());
  }

  @Test
  void theRequestIdStaysTheSame() {
    failures.addAll(List.of(LOST, failure(Status.Code.UNAVAILABLE, reason("OUTCOME_UNKNOWN"))));
    create();
    assertEquals(3, ids.size());
    assertEquals(1, ids.stream().distinct().count());
    create();
    assertNotEquals(ids.get(0), ids.get(3));
    assertFalse(ids.get(3).isEmpty());
  }

  @Test
  void retryInfoIsHonoured() {
    failures.add(failure(Status.Code.RESOURCE_EXHAUSTED, reason("QUEUE_FULL"), retryAfter(300)));
    client.books().get("1");
    assertTrue(times.get(1) - times.get(0) >= 300_000_000L);
    failures.add(failure(Status.Code.RESOURCE_EXHAUSTED, reason("QUEUE_FULL"), retryAfter(900)));
    var books = client.books().withTimeout(Duration.ofMillis(500));
    TooBusyException busy = assertThrows(TooBusyException.class, () -> books.get("1"));
    assertEquals(Duration.ofMillis(900), busy.retryAfter().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERNAL", "ABORTED", "RESOURCE_EXHAUSTED", "UNKNOWN"})
  void otherErrorsAreNotRepeated(Status.Code code) {
    failures.add(failure(code, reason("ANY")));
    ServiceException error = assertThrows(ServiceException.class, this::create);
    assertFalse(error instanceof OutcomeUnknownException);
    assertEquals(1, ids.size());
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERNAL", "UNKNOWN"})
  void aBrokenConnectionIsUnavailable(Status.Code code) {
    // The transport adds no details.
    failures.addAll(List.of(failure(code), failure(code)));
    create();
    assertEquals(3, ids.size());
    assertEquals(1, ids.stream().distinct().count());
    failures.addAll(Collections.nCopies(4, failure(code)));
    assertThrows(OutcomeUnknownException.class, this::create);
    failures.addAll(Collections.nCopies(4, failure(code)));
    assertThrows(UnavailableException.class, () -> client.books().get("1"));
  }

  @Test
  void attemptsAreBounded() {
    failures.addAll(Collections.nCopies(9, LOST));
    OutcomeUnknownException write = assertThrows(OutcomeUnknownException.class, this::create);
    assertEquals(4, write.attempts());
    assertEquals(4, ids.size());
    UnavailableException read =
        assertThrows(UnavailableException.class, () -> client.books().get("1"));
    assertTrue(read.getMessage().contains(read.requestId()));
  }

  @Test
  void aWriteThatWasNeverSentHasAnOutcome() {
    server.shutdownNow();
    ServiceException error = assertThrows(ServiceException.class, this::create);
    assertInstanceOf(UnavailableException.class, error);
    assertEquals(4, error.attempts());
  }

  @Test
  void aClosedClientRepeatsNothing() {
    client.close();
    ServiceException error = assertThrows(ServiceException.class, () -> client.books().get("1"));
    assertEquals(1, error.attempts());
  }

  @Test
  void aRefusedTokenIsReplaced() {
    List<String> given = new ArrayList<>();
    Options options =
        Options.secure(Service.tls())
            .withToken(
                () -> {
                  given.add(given.isEmpty() ? "refused" : Service.token());
                  return new Token(given.get(given.size() - 1), Instant.now().plusSeconds(3600));
                });
    try (Client secure = new Client(Service.TLS_TARGET, options)) {
      secure.books().create(Service.book(Service.someAuthor(), "Emma"));
      secure.books().create(Service.book(Service.someAuthor(), "Emma"));
    }
    assertEquals(2, given.size());
    Options refused = Options.secure(Service.tls()).withToken(() -> Token.of("refused"));
    try (Client secure = new Client(Service.TLS_TARGET, refused)) {
      assertThrows(UnauthenticatedException.class, () -> secure.books().get("1"));
    }
    assertFalse(Token.of("secret").toString().contains("secret"));
  }

  @Test
  void aTokenNeedsTls() {
    assertThrows(
        IllegalArgumentException.class, () -> Options.cleartext().withToken(() -> Token.of("a")));
  }

  @Test
  void anUnknownAuthorityIsRefused() {
    try (Client secure = new Client(Service.TLS_TARGET)) {
      var books = secure.books().withTimeout(Duration.ofSeconds(1));
      assertThrows(UnavailableException.class, () -> books.get("1"));
    }
  }

  @Test
  void filesOfTlsAreReadAgain(@TempDir Path folder) throws Exception {
    Path authorities = Files.copy(Service.file("client.crt"), folder.resolve("ca.crt"));
    Path certificate = Files.copy(Service.file("client.crt"), folder.resolve("client.crt"));
    Path key = Files.copy(Service.file("client.key"), folder.resolve("client.key"));
    Tls tls = Tls.DEFAULT.withCa(authorities).withCertificate(certificate, key);
    try (Client secure = new Client(Service.TLS_TARGET, Options.secure(tls))) {
      var impatient = secure.books().withTimeout(Duration.ofSeconds(1));
      assertThrows(UnavailableException.class, () -> impatient.get("1"));
      Files.copy(Service.file("ca.crt"), authorities, StandardCopyOption.REPLACE_EXISTING);
      secure.books().create(Service.book(Service.someAuthor(), "Emma"));
    }
    Tls missing = Tls.DEFAULT.withCa(folder.resolve("missing"));
    assertThrows(
        UncheckedIOException.class,
        () -> new Client(Service.TLS_TARGET, Options.secure(missing)).close());
  }

  @Test
  void theServiceConfigRepeatsReadsOfStubs() {
    failures.addAll(List.of(LOST, LOST));
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
            .defaultServiceConfig(Client.serviceConfig())
            .build();
    try {
      var stub = BookServiceGrpc.newBlockingStub(channel);
      stub.getBook(GetBookRequest.getDefaultInstance());
      assertEquals(3, ids.size());
      failures.add(LOST);
      assertThrows(
          StatusRuntimeException.class,
          () -> stub.createBook(CreateBookRequest.getDefaultInstance()));
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void spansHaveNoValues() {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
    GlobalOpenTelemetry.resetForTest();
    GlobalOpenTelemetry.set(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
    try (Client traced = Service.CLEARTEXT.connect()) {
      traced.books().create(Service.book(Service.PLANTED, "Emma"));
      Book invalid = Book.newBuilder().setTitle(Service.PLANTED).build();
      assertThrows(ServiceException.class, () -> traced.books().create(invalid));
    } finally {
      GlobalOpenTelemetry.resetForTest();
    }
    List<SpanData> spans = exporter.getFinishedSpanItems();
    assertEquals("bookstore.v1.BookService/CreateBook", spans.get(0).getName());
    assertEquals(
        "InvalidArgumentException",
        spans.get(1).getAttributes().get(AttributeKey.stringKey("error.type")));
    assertFalse(spans.toString().contains(Service.PLANTED));
  }
}
