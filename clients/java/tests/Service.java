import bookstore.client.Client;
import bookstore.client.runtime.Options;
import bookstore.client.runtime.Tls;
import bookstore.client.runtime.Token;
import bookstore.v1.Book;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The running system: CLIENT_* of clients/testing/system. */
enum Service {
  CLEARTEXT,
  CERTIFICATE,
  TOKEN;

  /** Must not be in a log. */
  static final String PLANTED = "planted-4f1c9a";

  static final String TARGET = System.getenv("CLIENT_TARGET");
  static final String TLS_TARGET = System.getenv("CLIENT_TLS_TARGET");

  /** A client with this kind of connection. */
  Client connect() {
    return switch (this) {
      case CLEARTEXT -> new Client(TARGET, Options.cleartext());
      case CERTIFICATE ->
          new Client(
              TLS_TARGET,
              Options.secure(tls().withCertificate(file("client.crt"), file("client.key"))));
      case TOKEN ->
          new Client(TLS_TARGET, Options.secure(tls()).withToken(() -> Token.of(token())));
    };
  }

  static Path file(String name) {
    return Path.of(System.getenv("CLIENT_TLS"), name);
  }

  static Tls tls() {
    return Tls.DEFAULT.withCa(file("ca.crt"));
  }

  static String token() throws IOException {
    return Files.readString(file("token")).strip();
  }

  /** Ends, starts, stops or continues the servers: kill, start, pause, resume. */
  static void control(String verb) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(System.getenv("CLIENT_CONTROL"), verb).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(verb + " failed");
    }
  }

  /** Kills the servers and starts them again, a number of times. */
  static void crash(int times) throws IOException, InterruptedException {
    for (int i = 0; i < times; i++) {
      Thread.sleep(300);
      control("kill");
      Thread.sleep(200);
      control("start");
    }
  }

  /** An author that only one test uses. */
  static String someAuthor() {
    return PLANTED + " " + UUID.randomUUID();
  }

  static Book book(String author, String title) {
    return Book.newBuilder()
        .setTitle(title)
        .setAuthor(author)
        .setPublisher("John Murray")
        .setYear(1815)
        .build();
  }

  /** Books with the titles 0, 1, 2, ... */
  static Stream<Book> books(String author, int number) {
    return IntStream.range(0, number).mapToObj(n -> book(author, Integer.toString(n)));
  }
}
