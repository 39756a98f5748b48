package dataservice.runtime;

import io.grpc.ClientCall;
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

  Download(Connection connection, Policy policy, Method<Q, R> method, Q request) {
    this.connection = connection;
    this.method = method;
    this.request = request;
    call = new Call(connection, policy, method, null, false, policy.exportTimeout());
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

  private final class Stream extends ClientCall.Listener<R> {
    private final ClientCall<Q, R> call;
    // Guarded by this; the listener is called by threads of gRPC.
    private final Queue<R> waiting = new ArrayDeque<>();
    private Status status;
    private Metadata trailers;

    Stream() {
      call =
          connection.callChannel().newCall(method.descriptor(), Download.this.call.nextAttempt());
      call.start(this, new Metadata());
      call.request(WINDOW);
      call.sendMessage(request);
      call.halfClose();
    }

    /** Waits for a response; null at the end. */
    synchronized R take() {
      while (waiting.isEmpty() && status == null) {
        try {
          wait();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          call.cancel("interrupted", interrupted);
          throw Status.CANCELLED.withCause(interrupted).asRuntimeException();
        }
      }
      R response = waiting.poll();
      if (response != null) {
        call.request(1);
      } else if (!status.isOk()) {
        throw status.asRuntimeException(trailers);
      }
      return response;
    }

    @Override
    public synchronized void onMessage(R message) {
      waiting.add(message);
      notifyAll();
    }

    @Override
    public synchronized void onClose(Status closed, Metadata sent) {
      status = closed;
      trailers = sent;
      notifyAll();
    }
  }
}
