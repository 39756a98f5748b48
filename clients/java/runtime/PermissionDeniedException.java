package dataservice.runtime;

/** The policy of the service does not permit the call to this caller. */
public final class PermissionDeniedException extends ServiceException {
  private static final long serialVersionUID = 1;

  PermissionDeniedException(Failure failure) {
    super(failure);
  }
}
