package dataservice.runtime;

/** The service has too much to do. Nothing was done; retryAfter() is when to call again. */
public final class TooBusyException extends ServiceException {
  private static final long serialVersionUID = 1;

  TooBusyException(Failure failure) {
    super(failure);
  }
}
