package dataservice.runtime;

/** The call did not end in time. */
public final class DeadlineExceededException extends ServiceException {
  private static final long serialVersionUID = 1;

  DeadlineExceededException(Failure failure) {
    super(failure);
  }
}
