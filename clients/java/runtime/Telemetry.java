package dataservice.runtime;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** Spans and durations of logical calls. */
interface Telemetry {
  /** Does nothing. */
  Telemetry NONE = (method, requestId) -> Span.NONE;

  Span start(MethodDescriptor<?, ?> method, String requestId);

  /** One logical call. */
  interface Span {
    Span NONE = new Span() {};

    /** Adds the trace context to the headers of an attempt. */
    default void inject(Metadata headers) {}

    /** The call is repeated after a pause in nanoseconds. */
    default void repeated(long pause) {}

    /** The call has ended; failure is null if it succeeded. */
    default void end(Throwable failure) {}
  }

  /** The telemetry of the OpenTelemetry API if the program has it, and none otherwise. */
  static Telemetry of(String name) {
    try {
      return new OpenTelemetryCalls(name);
    } catch (LinkageError absent) {
      return NONE;
    }
  }
}
