package dataservice.runtime;

/** A resource with this key exists. */
public sealed class AlreadyExistsException extends ServiceException
    permits RequestIdReusedException {
  private static final long serialVersionUID = 1;

  AlreadyExistsException(Failure failure) {
    super(failure);
  }
}
