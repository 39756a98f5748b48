package dataservice.runtime;

import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One import. */
final class Importer<T, Q, R> {
  private static final int MAX_FAILURES = 1000;

  private final Calls calls;
  private final ImportMethod<T, Q, R> method;
  private final ImportOptions<T> options;
  private final List<ImportFailure<T>> failures = new ArrayList<>();
  private long imported;
  private long refused;

  Importer(Calls calls, ImportMethod<T, Q, R> method, ImportOptions<T> options) {
    this.calls = calls;
    this.method = method;
    this.options = options;
  }

  ImportResult<T> run(Iterable<? extends T> rows) {
    List<T> chunk = new ArrayList<>(options.chunk());
    for (T row : rows) {
      chunk.add(row);
      if (chunk.size() == options.chunk()) {
        add(chunk);
        chunk.clear();
      }
    }
    if (!chunk.isEmpty()) {
      add(chunk);
    }
    return result();
  }

  private ImportResult<T> result() {
    return new ImportResult<>(imported, refused, Collections.unmodifiableList(failures));
  }

  /**
   * Imports a chunk. A response lists the first refused rows only; if there are more, the rows
   * after the last one that is listed are sent again, with the same request_ids.
   */
  private void add(List<T> chunk) {
    List<String> ids = new ArrayList<>(chunk.size());
    List<Q> requests = new ArrayList<>(chunk.size());
    for (T row : chunk) {
      ids.add(Calls.newRequestId());
      requests.add(method.request().apply(row, ids.get(ids.size() - 1)));
    }
    int size = chunk.size();
    int start = 0;
    while (start < size) {
      ImportMethod.Response response = send(requests.subList(start, size));
      start += count(chunk.subList(start, size), ids.subList(start, size), response);
    }
    options.progress().accept(result());
  }

  /** Adds a response to the result, and returns how many of the rows it covers. */
  private int count(List<T> rows, List<String> ids, ImportMethod.Response response) {
    List<ImportMethod.Refusal> listed = response.refusals();
    for (ImportMethod.Refusal refusal : listed) {
      int at = Math.toIntExact(refusal.position());
      ServiceException error =
          Failure.of(method.method().descriptor(), ids.get(at), refusal.status()).typed(false);
      report(new ImportFailure<>(imported + refused + at, rows.get(at), error));
    }
    boolean isComplete = listed.isEmpty() || listed.size() >= response.failed();
    if (isComplete || !method.isIdentified()) {
      refused += response.failed();
      imported += rows.size() - response.failed();
      return rows.size();
    }
    int covered = Math.toIntExact(listed.get(listed.size() - 1).position()) + 1;
    refused += listed.size();
    imported += covered - listed.size();
    return covered;
  }

  private void report(ImportFailure<T> failure) {
    if (failures.size() < MAX_FAILURES) {
      failures.add(failure);
    }
    options.refused().accept(failure);
  }

  /** Sends requests until the service confirms them. */
  private ImportMethod.Response send(List<Q> requests) {
    String identified = method.isIdentified() ? Calls.newRequestId() : null;
    Call call = new Call(calls, method.method(), identified, true, calls.policy().chunkTimeout());
    while (true) {
      try {
        R response = sendOnce(call, requests);
        call.succeed();
        return method.response().apply(response);
      } catch (StatusRuntimeException failure) {
        call.pauseAfter(failure);
      }
    }
  }

  private R sendOnce(Call call, List<Q> requests) {
    Upload<Q, R> upload =
        new Upload<>(
            calls
                .connection()
                .callChannel()
                .newCall(method.method().descriptor(), call.nextAttempt()));
    for (Q request : requests) {
      if (!upload.send(request)) {
        break;
      }
    }
    return upload.finish();
  }
}
