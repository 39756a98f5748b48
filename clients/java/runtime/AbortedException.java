package dataservice.runtime;

/** The call conflicts with another one. */
public sealed class AbortedException extends ServiceException permits VersionMismatchException {
  private static final long serialVersionUID = 1;

  AbortedException(Failure failure) {
    super(failure);
  }
}
