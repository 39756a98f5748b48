package dataservice.runtime;

/** The resource does not have the version that the request names (its etag). Nothing was done. */
public final class VersionMismatchException extends AbortedException {
  private static final long serialVersionUID = 1;

  VersionMismatchException(Failure failure) {
    super(failure);
  }
}
