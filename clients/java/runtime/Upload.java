package dataservice.runtime;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** A stream of requests with one response, which sends no faster than the service takes them. */
final class Upload<Q, R> extends ClientCall.Listener<R> {
  private final ClientCall<Q, R> call;
  // Guarded by this; the listener is called by threads of gRPC.
  private R response;
  private StatusRuntimeException failure;
  private boolean isClosed;

  Upload(ClientCall<Q, R> call) {
    this.call = call;
    call.start(this, new Metadata());
    call.request(2);
  }

  /** Sends a request, and returns false if the service has ended the call. */
  boolean send(Q request) {
    if (!awaitReady()) {
      return false;
    }
    call.sendMessage(request);
    return true;
  }

  /** Ends the requests and returns the response. Throws StatusRuntimeException. */
  synchronized R finish() {
    if (!isClosed) {
      call.halfClose();
    }
    while (!isClosed) {
      await();
    }
    if (failure != null) {
      throw failure;
    }
    if (response == null) {
      throw Status.INTERNAL.withDescription("the import has no response").asRuntimeException();
    }
    return response;
  }

  private synchronized boolean awaitReady() {
    while (!isClosed && !call.isReady()) {
      await();
    }
    return !isClosed;
  }

  private synchronized void await() {
    try {
      wait();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      call.cancel("interrupted", interrupted);
      throw Status.CANCELLED.withCause(interrupted).asRuntimeException();
    }
  }

  @Override
  public synchronized void onReady() {
    notifyAll();
  }

  @Override
  public synchronized void onMessage(R message) {
    response = message;
  }

  @Override
  public synchronized void onClose(Status status, Metadata trailers) {
    isClosed = true;
    if (!status.isOk()) {
      failure = status.asRuntimeException(trailers);
    }
    notifyAll();
  }
}
