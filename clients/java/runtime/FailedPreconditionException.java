package dataservice.runtime;

/** The state of other rows forbids the call; reason() and violations() name it. */
public final class FailedPreconditionException extends ServiceException {
  private static final long serialVersionUID = 1;

  FailedPreconditionException(Failure failure) {
    super(failure);
  }
}
