package dataservice.runtime;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * An attempt that failed, before its error has a type.
 *
 * @param method the name of the method
 * @param requestId identifies the call in the logs of the service
 * @param attempts how often the call was sent so far
 * @param trailers null if the service sent none
 */
record Failure(
    String method,
    String requestId,
    int attempts,
    Status status,
    Metadata trailers,
    Details details) {
  static Failure of(
      MethodDescriptor<?, ?> method, String requestId, int attempts, StatusRuntimeException error) {
    Details details = Details.of(error.getTrailers());
    String id = details.requestId().isEmpty() ? requestId : details.requestId();
    return new Failure(
        method.getFullMethodName(),
        id,
        attempts,
        statusOf(error).withCause(error),
        error.getTrailers(),
        details);
  }

  /**
   * The status of an attempt. gRPC reports a connection or a stream that broke also as UNKNOWN or
   * INTERNAL. It has no details then, which the errors of the service have.
   */
  private static Status statusOf(StatusRuntimeException error) {
    Status status = error.getStatus();
    return switch (status.getCode()) {
      case UNKNOWN, INTERNAL ->
          Details.areIn(error.getTrailers())
              ? status
              : Status.UNAVAILABLE.withDescription(status.getDescription());
      default -> status;
    };
  }

  /** The error of one row of an import. */
  static Failure of(MethodDescriptor<?, ?> method, String requestId, com.google.rpc.Status status) {
    Status found = Status.fromCodeValue(status.getCode()).withDescription(status.getMessage());
    return new Failure(method.getFullMethodName(), requestId, 1, found, null, Details.of(status));
  }

  /** Whether a write that was sent, and ended so, may have been carried out. */
  boolean isInDoubt() {
    return switch (status.getCode()) {
      case UNAVAILABLE -> details.retryAfter() == null;
      case DEADLINE_EXCEEDED -> !details.reason().equals("STATEMENT_TIMEOUT");
      case CANCELLED -> true;
      default -> details.reason().equals("OUTCOME_UNKNOWN");
    };
  }

  /** Whether the error leaves open what an earlier attempt did. */
  private boolean isTransient() {
    return switch (status.getCode()) {
      case UNAVAILABLE,
          DEADLINE_EXCEEDED,
          CANCELLED,
          RESOURCE_EXHAUSTED,
          UNAUTHENTICATED,
          INTERNAL,
          UNKNOWN ->
          true;
      default -> details.retryAfter() != null;
    };
  }

  /**
   * The error as the type of its code and reason.
   *
   * @param inDoubt whether this attempt or an earlier one may have carried out a write
   */
  ServiceException typed(boolean inDoubt) {
    if (details.reason().equals("OUTCOME_UNKNOWN") || (inDoubt && isTransient())) {
      return new OutcomeUnknownException(this);
    }
    return switch (details.reason()) {
      case "REQUEST_ID_REUSED" -> new RequestIdReusedException(this);
      case "ETAG_MISMATCH" -> new VersionMismatchException(this);
      case "QUEUE_FULL" -> new TooBusyException(this);
      default -> typedByCode();
    };
  }

  private ServiceException typedByCode() {
    return switch (status.getCode()) {
      case INVALID_ARGUMENT, OUT_OF_RANGE -> new InvalidArgumentException(this);
      case NOT_FOUND -> new NotFoundException(this);
      case ALREADY_EXISTS -> new AlreadyExistsException(this);
      case FAILED_PRECONDITION -> new FailedPreconditionException(this);
      case ABORTED -> new AbortedException(this);
      case UNAUTHENTICATED -> new UnauthenticatedException(this);
      case PERMISSION_DENIED -> new PermissionDeniedException(this);
      case UNAVAILABLE -> new UnavailableException(this);
      case DEADLINE_EXCEEDED -> new DeadlineExceededException(this);
      case INTERNAL -> new InternalException(this);
      case RESOURCE_EXHAUSTED ->
          details.retryAfter() == null ? new ServiceException(this) : new TooBusyException(this);
      default -> new ServiceException(this);
    };
  }

  /** The error in one line, for people. */
  String text() {
    StringBuilder text = new StringBuilder(method).append(": ").append(status.getCode());
    if (!details.reason().isEmpty()) {
      text.append(" (").append(details.reason()).append(')');
    }
    if (status.getDescription() != null) {
      text.append(": ").append(status.getDescription());
    }
    for (Violation violation : details.violations()) {
      text.append("; ").append(violation.field()).append(": ").append(violation.description());
    }
    text.append(" [request id ").append(requestId).append(']');
    if (attempts > 1) {
      text.append(" [").append(attempts).append(" attempts]");
    }
    return text.toString();
  }
}
