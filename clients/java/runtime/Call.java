package dataservice.runtime;

import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One logical call: its deadline, its id, its attempts, and what is known of its outcome. Used by
 * one thread at a time.
 */
final class Call {
  private final Calls calls;
  private final Connection connection;
  private final Method<?, ?> method;
  private final boolean isSafe;
  private final boolean isImport;
  private final String requestId;
  private final Deadline deadline;
  private final Telemetry.Span span;
  private Attempt attempt;
  private int attempts;
  private boolean inDoubt;
  private boolean tokenDropped;

  /**
   * Begins a call.
   *
   * @param calls how it is made
   * @param writeId the request_id of a write, which the service carries out once; null if it has
   *     none
   * @param isImport whether the service may have created rows before it fails
   */
  Call(Calls calls, Method<?, ?> method, String writeId, boolean isImport, Duration timeout) {
    this.calls = calls;
    connection = calls.connection();
    this.method = method;
    this.isImport = isImport;
    isSafe = method.isRead() || writeId != null;
    requestId = writeId == null ? Calls.newRequestId() : writeId;
    deadline = Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS);
    span = connection.telemetry().start(method.descriptor(), requestId);
  }

  /** The options of the next attempt, which is sent now. */
  CallOptions nextAttempt() {
    attempt = new Attempt(requestId, method.isRead() ? calls.readConsistency() : null, span);
    return attempt.in(CallOptions.DEFAULT.withDeadline(deadline));
  }

  /**
   * Waits before the call is repeated, or throws the typed error if it must not be: it may have
   * been carried out, its attempts are used up, its deadline would pass, or the client is closed.
   */
  void pauseAfter(StatusRuntimeException error) {
    Failure failure = failed(error);
    if (mayRenewToken(failure)) {
      return;
    }
    long pause = calls.policy().pause(attempts);
    Duration asked = failure.details().retryAfter();
    if (asked != null) {
      pause += asked.toNanos();
    }
    if (!mayRepeat(failure)
        || connection.channel().isShutdown()
        || attempts >= calls.policy().maxAttempts()
        || deadline.timeRemaining(TimeUnit.NANOSECONDS) <= pause) {
      throw ended(failure.typed(inDoubt));
    }
    span.repeated(pause);
    try {
      TimeUnit.NANOSECONDS.sleep(pause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw ended(failure.typed(inDoubt));
    }
    connection.reconnect();
  }

  /** Ends the call with an error that is not repeated, and returns the error with its type. */
  ServiceException fail(StatusRuntimeException error) {
    return ended(failed(error).typed(inDoubt));
  }

  /** Ends the call because of an error of the caller. */
  void abandon(Throwable error) {
    span.end(error);
  }

  /** Ends the call successfully. */
  void succeed() {
    noteWrite();
    span.end(null);
  }

  private Failure failed(StatusRuntimeException error) {
    Failure failure = Failure.of(method.descriptor(), requestId, ++attempts, error);
    inDoubt |= !method.isRead() && attempt.wasSent() && failure.isInDoubt();
    return failure;
  }

  private boolean mayRenewToken(Failure failure) {
    if (failure.status().getCode() != Status.Code.UNAUTHENTICATED
        || connection.tokens() == null
        || tokenDropped) {
      return false;
    }
    tokenDropped = true;
    connection.tokens().drop();
    return true;
  }

  private boolean mayRepeat(Failure failure) {
    boolean hasRetryInfo = failure.details().retryAfter() != null;
    // With a RetryInfo the service did nothing, except for the first rows of an import.
    if (hasRetryInfo && !isImport) {
      return true;
    }
    boolean isTransient = hasRetryInfo || failure.status().getCode() == Status.Code.UNAVAILABLE;
    return isTransient && (isSafe || !attempt.wasSent());
  }

  private ServiceException ended(ServiceException error) {
    noteWrite();
    span.end(error);
    return error;
  }

  /** Later eventual reads see a write, also if it has failed: it may have been carried out. */
  private void noteWrite() {
    if (!method.isRead()) {
      connection.lastWrite().end();
    }
  }
}
