package dataservice.runtime;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The details of google.rpc in an error. */
final class Details {
  private static final Metadata.Key<byte[]> STATUS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final List<Violation> violations = new ArrayList<>();
  private Map<String, String> metadata = Map.of();
  private String reason = "";
  private String resource = "";
  private String requestId = "";
  private Duration retryAfter;

  /** Whether the trailers of a call, or null, have details. */
  static boolean areIn(Metadata trailers) {
    return trailers != null && trailers.containsKey(STATUS);
  }

  /** The details in the trailers of a call; what cannot be read is left out. */
  static Details of(Metadata trailers) {
    byte[] packed = trailers == null ? null : trailers.get(STATUS);
    if (packed == null) {
      return new Details();
    }
    try {
      return of(com.google.rpc.Status.parseFrom(packed));
    } catch (InvalidProtocolBufferException malformed) {
      return new Details();
    }
  }

  static Details of(com.google.rpc.Status status) {
    Details details = new Details();
    for (Any detail : status.getDetailsList()) {
      try {
        details.add(detail);
      } catch (InvalidProtocolBufferException malformed) {
        continue;
      }
    }
    return details;
  }

  private void add(Any detail) throws InvalidProtocolBufferException {
    String url = detail.getTypeUrl();
    switch (url.substring(url.lastIndexOf('/') + 1)) {
      case "google.rpc.ErrorInfo" -> {
        ErrorInfo info = ErrorInfo.parseFrom(detail.getValue());
        reason = info.getReason();
        metadata = info.getMetadataMap();
      }
      case "google.rpc.RetryInfo" -> {
        var delay = RetryInfo.parseFrom(detail.getValue()).getRetryDelay();
        retryAfter = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
      }
      case "google.rpc.RequestInfo" ->
          requestId = RequestInfo.parseFrom(detail.getValue()).getRequestId();
      case "google.rpc.ResourceInfo" ->
          resource = ResourceInfo.parseFrom(detail.getValue()).getResourceName();
      case "google.rpc.BadRequest" ->
          BadRequest.parseFrom(detail.getValue()).getFieldViolationsList().stream()
              .map(found -> new Violation(found.getField(), found.getDescription()))
              .forEach(violations::add);
      case "google.rpc.PreconditionFailure" ->
          PreconditionFailure.parseFrom(detail.getValue()).getViolationsList().stream()
              .map(found -> new Violation(found.getSubject(), found.getDescription()))
              .forEach(violations::add);
      default -> {}
    }
  }

  List<Violation> violations() {
    return List.copyOf(violations);
  }

  Map<String, String> metadata() {
    return metadata;
  }

  String reason() {
    return reason;
  }

  String resource() {
    return resource;
  }

  /** The id of the call in the logs of the service, or empty. */
  String requestId() {
    return requestId;
  }

  /** Null if the service does not permit a repetition. */
  Duration retryAfter() {
    return retryAfter;
  }
}
