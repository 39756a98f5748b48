package dataservice.runtime;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The error of a call. Programs evaluate its class, code and reason; its message is for people, and
 * has the id of the request.
 */
public class ServiceException extends StatusRuntimeException {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // as the status of the superclass
  private final Failure failure;

  ServiceException(Failure failure) {
    super(failure.status(), failure.trailers());
    this.failure = failure;
  }

  /** The gRPC status code. */
  public Status.Code code() {
    return failure.status().getCode();
  }

  /** A name of dataservice.v1.ErrorReason, or empty. */
  public String reason() {
    return failure.details().reason();
  }

  /** What the service adds to the reason. */
  public Map<String, String> metadata() {
    return failure.details().metadata();
  }

  /** The fields that break a rule, or the preconditions that do not hold. */
  public List<Violation> violations() {
    return failure.details().violations();
  }

  /** The resource that the error is about, or empty. */
  public String resource() {
    return failure.details().resource();
  }

  /** Identifies the call in the logs of the service. */
  public String requestId() {
    return failure.requestId();
  }

  /** How often the call was sent, or was about to be sent. */
  public int attempts() {
    return failure.attempts();
  }

  /** The time after which the service permits the same call again, if it names one. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(failure.details().retryAfter());
  }

  @Override
  public String getMessage() {
    return failure.text();
  }
}
