package dataservice.runtime;

/**
 * A row that the service refused.
 *
 * @param position the number of the row, from 0
 * @param row the row
 * @param error why it was refused
 */
public record ImportFailure<T>(long position, T row, ServiceException error) {
  /** Does not contain the row, so that logs do not. */
  @Override
  public String toString() {
    return "ImportFailure[position=" + position + ", error=" + error + "]";
  }
}
