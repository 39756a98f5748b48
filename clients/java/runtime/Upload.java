package dataservice.runtime;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

/** A stream of requests with one response, which sends no faster than the service takes them. */
final class Upload<Q, R> extends Transfer<Q, R> {
  private R response;

  Upload(ClientCall<Q, R> call) {
    super(call);
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
    if (!isClosed()) {
      call.halfClose();
    }
    while (!isClosed()) {
      await();
    }
    check();
    if (response == null) {
      throw Status.INTERNAL.withDescription("the import has no response").asRuntimeException();
    }
    return response;
  }

  private synchronized boolean awaitReady() {
    while (!isClosed() && !call.isReady()) {
      await();
    }
    return !isClosed();
  }

  @Override
  public synchronized void onReady() {
    notifyAll();
  }

  @Override
  public synchronized void onMessage(R message) {
    response = message;
  }
}
