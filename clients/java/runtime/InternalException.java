package dataservice.runtime;

/** The service failed; its log has the request id. */
public final class InternalException extends ServiceException {
  private static final long serialVersionUID = 1;

  InternalException(Failure failure) {
    super(failure);
  }
}
