package dataservice.runtime;

/** A write that may have been carried out, and may not. To find out, read the resource. */
public final class OutcomeUnknownException extends ServiceException {
  private static final long serialVersionUID = 1;

  OutcomeUnknownException(Failure failure) {
    super(failure);
  }
}
