package dataservice.runtime;

/** Fields of the request break rules; violations() has all of them. */
public final class InvalidArgumentException extends ServiceException {
  private static final long serialVersionUID = 1;

  InvalidArgumentException(Failure failure) {
    super(failure);
  }
}
