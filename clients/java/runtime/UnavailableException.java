package dataservice.runtime;

/** The service, or its database, cannot be reached. */
public final class UnavailableException extends ServiceException {
  private static final long serialVersionUID = 1;

  UnavailableException(Failure failure) {
    super(failure);
  }
}
