package dataservice.runtime;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Makes logical calls. Generated code uses it. Thread-safe. */
public final class Calls {
  private final Connection connection;
  private final Policy policy;

  /** Of the reads that a standby may answer; null if the database itself answers them. */
  private final Staleness staleness;

  /** Calls with the policy of the connection. */
  public Calls(Connection connection) {
    this(connection, connection.policy(), null);
  }

  private Calls(Connection connection, Policy policy, Staleness staleness) {
    this.connection = connection;
    this.policy = policy;
    this.staleness = staleness;
  }

  /** An id that no other request has. */
  public static String newRequestId() {
    return UUID.randomUUID().toString();
  }

  /** The same calls with another timeout. */
  public Calls withTimeout(Duration timeout) {
    return new Calls(connection, policy.withTimeout(timeout), staleness);
  }

  /** The same calls, whose reads a standby of the database may answer. */
  public Calls eventual() {
    return new Calls(connection, policy, new Staleness(null));
  }

  /**
   * The same, with rows that are at most so old.
   *
   * @throws IllegalArgumentException maxStaleness is negative
   */
  public Calls eventual(Duration maxStaleness) {
    return new Calls(
        connection, policy, new Staleness(Objects.requireNonNull(maxStaleness, "maxStaleness")));
  }

  /** The connection, for stubs. */
  public Connection connection() {
    return connection;
  }

  Policy policy() {
    return policy;
  }

  /** The metadata read-consistency of a read that is sent now, or null. */
  String readConsistency() {
    return staleness == null ? null : staleness.header(connection.lastWrite());
  }

  /**
   * Makes a call, and repeats it where that is permitted.
   *
   * @param requestId the request_id in the request, or null
   * @throws ServiceException the call failed
   */
  public <Q, R> R unary(Method<Q, R> method, Q request, String requestId) {
    Call call = new Call(this, method, requestId, false, policy.timeout());
    return attempt(call, method, request);
  }

  private <Q, R> R attempt(Call call, Method<Q, R> method, Q request) {
    while (true) {
      try {
        R response =
            ClientCalls.blockingUnaryCall(
                connection.callChannel(), method.descriptor(), call.nextAttempt(), request);
        call.succeed();
        return response;
      } catch (StatusRuntimeException failure) {
        call.pauseAfter(failure);
      }
    }
  }

  /** Starts a read in the background. The result waits for its end, and repeats it. */
  <Q, R> Supplier<R> start(Method<Q, R> method, Q request) {
    Call call = new Call(this, method, null, false, policy.timeout());
    ListenableFuture<R> future =
        ClientCalls.futureUnaryCall(
            connection.callChannel().newCall(method.descriptor(), call.nextAttempt()), request);
    return () -> {
      try {
        R response = future.get();
        call.succeed();
        return response;
      } catch (ExecutionException failure) {
        call.pauseAfter(
            Status.fromThrowable(failure)
                .asRuntimeException(Status.trailersFromThrowable(failure)));
        return attempt(call, method, request);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        future.cancel(true);
        throw call.fail(Status.CANCELLED.withCause(interrupted).asRuntimeException());
      }
    };
  }

  /**
   * The rows of a list.
   *
   * @param request the request for a page with a size and a page token
   * @param rows the rows of a page
   * @param nextToken the token of the next page, or empty
   * @param pageSize the size that the caller asks for, or 0
   * @param firstToken the token of the first page
   */
  public <Q, R, T> Pages<T> pages(
      Method<Q, R> method,
      Pages.Request<Q> request,
      Function<R, List<T>> rows,
      Function<R, String> nextToken,
      int pageSize,
      String firstToken) {
    Pages.Source<T> source =
        (size, token) -> {
          Supplier<R> response = start(method, request.of(size, token));
          return () -> {
            R page = response.get();
            return new Pages.Page<>(rows.apply(page), nextToken.apply(page));
          };
        };
    return new Pages<>(source, pageSize, firstToken, Long.MAX_VALUE);
  }

  /**
   * Reads a row, changes it, and writes the fields that differ if the row still has the version
   * that was read; again if another writer came first. It does not read from a standby.
   *
   * @param read reads the row
   * @param write writes the fields that a mask names
   * @param change returns the changed row
   * @param key the name of the key
   * @param etag the name of the version
   */
  public <T extends Message> T update(
      Function<Calls, T> read, Writer<T> write, UnaryOperator<T> change, String key, String etag) {
    // An old version of the row would only be a conflict.
    Calls current = new Calls(connection, policy, null);
    return new Update<>(read, write, change, key, etag).run(current);
  }

  /** Writes the fields of a row that a mask names. */
  public interface Writer<T> {
    /** The calls have the time that is left. */
    T write(Calls calls, T row, FieldMask mask);
  }

  /** Creates rows; see ImportOptions. */
  public <T, Q, R> ImportResult<T> importRows(
      ImportMethod<T, Q, R> method, Iterable<? extends T> rows, ImportOptions<T> options) {
    return new Importer<>(this, method, options).run(rows);
  }

  /** Opens an export. Its rows begin to arrive when they are read. */
  public <Q, T> Rows<T> exportRows(Method<Q, T> method, Q request, LongConsumer progress) {
    return new Rows<>(new Download<>(this, method, request), progress);
  }
}
