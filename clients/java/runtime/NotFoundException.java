package dataservice.runtime;

/** The resource does not exist. */
public final class NotFoundException extends ServiceException {
  private static final long serialVersionUID = 1;

  NotFoundException(Failure failure) {
    super(failure);
  }
}
