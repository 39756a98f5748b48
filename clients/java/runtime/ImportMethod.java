package dataservice.runtime;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The import of a contract. Generated code contains one.
 *
 * @param method the method
 * @param isIdentified whether requests have a request_id
 * @param request makes the request of a row and a request_id
 * @param response reads a response
 */
public record ImportMethod<T, Q, R>(
    Method<Q, R> method,
    boolean isIdentified,
    BiFunction<T, String, Q> request,
    Function<R, Response> response) {
  /**
   * The response of an import.
   *
   * @param failed the number of refused rows
   * @param refusals the first of them
   */
  public record Response(long failed, List<Refusal> refusals) {}

  /**
   * A refused row.
   *
   * @param position the number of the row in the stream, from 0
   * @param status its error
   */
  public record Refusal(long position, com.google.rpc.Status status) {}
}
