import bookstore.client.Client;
import bookstore.v1.Book;
import bookstore.v1.CreateBookRequest;
import bookstore.v1.GetBookRequest;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Prints calls a second and CPU a call of the client and of the bare stub: Measure [SECONDS]. One
 * call at a time; the rounds of both take turns.
 */
final class Measure {
  /** Short ones, so that other load meets both alike. */
  private static final int ROUNDS = 101;

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Measure() {}

  /** Calls a second, and microseconds of CPU a call. */
  private record Rate(double calls, double cpu) {}

  private record Round(Rate bare, Rate own) {}

  private static Rate measure(Runnable call, double seconds) {
    long used = PROCESS.getProcessCpuTime();
    long started = System.nanoTime();
    long end = started + (long) (seconds * 1e9);
    int calls = 0;
    for (; System.nanoTime() < end; calls++) {
      call.run();
    }
    double taken = System.nanoTime() - started;
    return new Rate(calls * 1e9 / taken, (PROCESS.getProcessCpuTime() - used) / 1e3 / calls);
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
    return rounds.stream().mapToDouble(value).sorted().toArray()[ROUNDS / 2];
  }

  private static void compare(String name, Runnable bare, Runnable own, double seconds) {
    // What the JVM has not compiled yet does not count.
    for (int i = 0; i < ROUNDS; i++) {
      measure(bare, seconds / ROUNDS);
      measure(own, seconds / ROUNDS);
    }
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      rounds.add(new Round(measure(bare, seconds / ROUNDS), measure(own, seconds / ROUNDS)));
    }
    System.out.printf(
        "%s: stub %.0f/s %.0f us, client %.0f/s %.0f us, %+.0f %% CPU%n",
        name,
        median(rounds, round -> round.bare().calls()),
        median(rounds, round -> round.bare().cpu()),
        median(rounds, round -> round.own().calls()),
        median(rounds, round -> round.own().cpu()),
        median(rounds, round -> round.own().cpu() / round.bare().cpu()) * 100 - 100);
  }

  public static void main(String[] arguments) {
    double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 10;
    try (Client client = Service.CLEARTEXT.connect()) {
      Book book = Service.book("Jane Austen", "Emma");
      String id = client.books().create(book).getId();
      GetBookRequest get = GetBookRequest.newBuilder().setId(id).build();
      var stub = client.books().stub();
      compare(
          "get",
          () -> stub.withDeadlineAfter(30, TimeUnit.SECONDS).getBook(get),
          () -> client.books().get(get),
          seconds);
      compare(
          "create",
          () ->
              stub.withDeadlineAfter(30, TimeUnit.SECONDS)
                  .createBook(
                      CreateBookRequest.newBuilder()
                          .setBook(book)
                          .setRequestId(UUID.randomUUID().toString())
                          .build()),
          () -> client.books().create(book),
          seconds);
    }
  }
}
