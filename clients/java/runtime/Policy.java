package dataservice.runtime;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long calls may take, and how they are repeated. Before each repetition a call pauses for a
 * random part of a time that doubles from firstBackoff to maxBackoff (full jitter), after the time
 * that the service asks for.
 *
 * @param timeout for a call with all its repetitions, and for an update with all its calls
 * @param chunkTimeout for a chunk of an import with all its repetitions
 * @param exportTimeout for an export
 * @param firstBackoff the longest pause before the first repetition
 * @param maxBackoff the longest pause
 * @param maxAttempts how often a call is sent at most; 1 never repeats
 * @param maxConflicts how often an update reads and writes at most
 */
public record Policy(
    Duration timeout,
    Duration chunkTimeout,
    Duration exportTimeout,
    Duration firstBackoff,
    Duration maxBackoff,
    int maxAttempts,
    int maxConflicts) {
  /** 30 s for a call, 2 min for a chunk, 1 h for an export; 20 attempts, 10 conflicts. */
  public static final Policy DEFAULT =
      new Policy(
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofHours(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(3),
          20,
          10);

  /** With one timeout for calls, chunks of imports, and exports. */
  public Policy withTimeout(Duration limit) {
    return new Policy(limit, limit, limit, firstBackoff, maxBackoff, maxAttempts, maxConflicts);
  }

  /** With other bounds of the pauses. */
  public Policy withBackoff(Duration first, Duration max) {
    return new Policy(timeout, chunkTimeout, exportTimeout, first, max, maxAttempts, maxConflicts);
  }

  /** With another number of attempts. */
  public Policy withMaxAttempts(int attempts) {
    return new Policy(
        timeout, chunkTimeout, exportTimeout, firstBackoff, maxBackoff, attempts, maxConflicts);
  }

  /** A random pause, in nanoseconds, after so many failures (from 1). */
  long pause(int failures) {
    long longest = maxBackoff.toNanos();
    long first = firstBackoff.toNanos();
    if (failures < 32 && first <= longest >> (failures - 1)) {
      longest = first << (failures - 1);
    }
    return ThreadLocalRandom.current().nextLong(longest + 1);
  }
}
