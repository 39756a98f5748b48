package dataservice.runtime;

/** The call needs credentials, or these are not valid. */
public final class UnauthenticatedException extends ServiceException {
  private static final long serialVersionUID = 1;

  UnauthenticatedException(Failure failure) {
    super(failure);
  }
}
