package dataservice.runtime;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** When the last write of a connection has ended. Thread-safe. */
final class LastWrite {
  private static final long NONE = -1;

  private final long origin = System.nanoTime();
  private final AtomicLong end = new AtomicLong(NONE);

  /** A write ends now. Of several the latest counts, in whichever order they arrive here. */
  void end() {
    end.accumulateAndGet(System.nanoTime() - origin, Math::max);
  }

  /** The nanoseconds since the last write, if there was one. */
  OptionalLong age() {
    long last = end.get();
    return last == NONE
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(System.nanoTime() - origin - last, 0));
  }
}
