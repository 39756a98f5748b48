package dataservice.runtime;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * A call with a stream, for which a thread waits. The state is guarded by this; the listener is
 * called by threads of gRPC.
 */
abstract class Transfer<Q, R> extends ClientCall.Listener<R> {
  final ClientCall<Q, R> call;
  private Status status;
  private Metadata trailers;

  Transfer(ClientCall<Q, R> call) {
    this.call = call;
  }

  /** Whether the service has ended the call, or the connection. */
  final synchronized boolean isClosed() {
    return status != null;
  }

  /** Waits for a change of the state. An interruption cancels the call. */
  final synchronized void await() {
    try {
      wait();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      call.cancel("interrupted", interrupted);
      throw Status.CANCELLED.withCause(interrupted).asRuntimeException();
    }
  }

  /** Throws StatusRuntimeException if the call, which is closed, has failed. */
  final synchronized void check() {
    if (!status.isOk()) {
      throw status.asRuntimeException(trailers);
    }
  }

  @Override
  public final synchronized void onClose(Status closed, Metadata sent) {
    status = closed;
    trailers = sent;
    notifyAll();
  }
}
