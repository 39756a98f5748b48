package dataservice.runtime;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How old the rows of eventual reads may be.
 *
 * @param max null if only the service bounds it
 */
record Staleness(Duration max) {
  /** Longer than a standby is ever used, and short enough for any reader of durations. */
  private static final Duration LONGEST = Duration.ofDays(1);

  Staleness {
    if (max != null && max.isNegative()) {
      throw new IllegalArgumentException("the maxStaleness is negative: " + max);
    }
    if (max != null && max.compareTo(LONGEST) > 0) {
      max = LONGEST;
    }
  }

  /** The read-consistency of a read that is sent now, and must see the writes before. */
  String header(LastWrite writes) {
    OptionalLong age = writes.age();
    if (max == null && age.isEmpty()) {
      return "eventual";
    }
    // The service answers with a state of the database that is at most so old. It had acknowledged
    // the write before that. Rounded down, never up.
    long nanos = Math.min(age.orElse(Long.MAX_VALUE), (max == null ? LONGEST : max).toNanos());
    return "eventual; max-staleness=" + TimeUnit.NANOSECONDS.toMillis(nanos) + "ms";
  }
}
