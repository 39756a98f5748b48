package dataservice.runtime;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A stream of responses, which the service sends no faster than they are used. It is repeated only
 * before its first response. Used by one thread.
 */
final class Download<Q, R> {
  /** How many responses may wait in memory. */
  private static final int WINDOW = 32;

  private final Connection connection;
  private final Method<Q, R> method;
  private final Q request;
  private final Call call;
  private Stream stream;
  private boolean hasReceived;
  private boolean isEnded;

  Download(Calls calls, Method<Q, R> method, Q request) {
    connection = calls.connection();
    this.method = method;
    this.request = request;
    call = new Call(calls, method, null, false, calls.policy().exportTimeout());
  }

  /** The next response; null at the end. Throws ServiceException. */
  R next() {
    while (!isEnded) {
      if (stream == null) {
        stream = new Stream();
      }
      try {
        R response = stream.take();
        if (response == null) {
          end(null);
        }
        hasReceived = true;
        return response;
      } catch (StatusRuntimeException failure) {
        stream = null;
        isEnded = true;
        if (hasReceived) {
          throw call.fail(failure);
        }
        call.pauseAfter(failure);
        isEnded = false;
      }
    }
    return null;
  }

  /** Ends the stream before its end. */
  void cancel() {
    if (!isEnded) {
      end(Status.CANCELLED.withDescription("closed by the caller").asRuntimeException());
    }
  }

  private void end(StatusRuntimeException reason) {
    isEnded = true;
    if (reason == null) {
      call.succeed();
      return;
    }
    call.abandon(reason);
    if (stream != null) {
      stream.call.cancel(reason.getMessage(), null);
    }
  }

  private final class Stream extends Transfer<Q, R> {
    private final Queue<R> waiting = new ArrayDeque<>();

    Stream() {
      super(
          connection.callChannel().newCall(method.descriptor(), Download.this.call.nextAttempt()));
      call.start(this, new Metadata());
      call.request(WINDOW);
      call.sendMessage(request);
      call.halfClose();
    }

    /** Waits for a response; null at the end. */
    synchronized R take() {
      while (waiting.isEmpty() && !isClosed()) {
        await();
      }
      R response = waiting.poll();
      if (response == null) {
        check();
      } else {
        call.request(1);
      }
      return response;
    }

    @Override
    public synchronized void onMessage(R message) {
      waiting.add(message);
      notifyAll();
    }
  }
}
