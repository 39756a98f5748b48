package dataservice.runtime;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** One sending of a call: the headers that it adds, and whether it reached a connection. */
final class Attempt {
  /** Adds the headers of the attempt in the options of a call. */
  static final ClientInterceptor INTERCEPTOR = new Interceptor();

  private static final CallOptions.Key<Attempt> KEY = CallOptions.Key.create("attempt");
  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> READ_CONSISTENCY =
      Metadata.Key.of("read-consistency", Metadata.ASCII_STRING_MARSHALLER);

  private final String requestId;
  private final String consistency;
  private final Telemetry.Span span;
  private volatile ClientCall<?, ?> call;

  /**
   * An attempt that is sent now.
   *
   * @param consistency the read-consistency of an eventual read, or null
   */
  Attempt(String requestId, String consistency, Telemetry.Span span) {
    this.requestId = requestId;
    this.consistency = consistency;
    this.span = span;
  }

  CallOptions in(CallOptions options) {
    return options.withOption(KEY, this);
  }

  /** Whether the service may have received the call: without a connection it has not. */
  boolean wasSent() {
    ClientCall<?, ?> made = call;
    return made != null && made.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) != null;
  }

  private static final class Interceptor implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      ClientCall<Q, R> made = next.newCall(method, options);
      Attempt attempt = options.getOption(KEY);
      attempt.call = made;
      return new SimpleForwardingClientCall<>(made) {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          headers.put(REQUEST_ID, attempt.requestId);
          if (attempt.consistency != null) {
            headers.put(READ_CONSISTENCY, attempt.consistency);
          }
          attempt.span.inject(headers);
          super.start(listener, headers);
        }
      };
    }
  }
}
