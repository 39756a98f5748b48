package dataservice.runtime;

/** The request_id was used before, by another request. Nothing was done. */
public final class RequestIdReusedException extends AlreadyExistsException {
  private static final long serialVersionUID = 1;

  RequestIdReusedException(Failure failure) {
    super(failure);
  }
}
