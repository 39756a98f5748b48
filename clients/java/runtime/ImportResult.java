package dataservice.runtime;

import java.util.List;

/**
 * The rows of an import so far.
 *
 * @param imported the number of rows that were created
 * @param refused the number of rows that the service refused
 * @param failures the first refused rows, 1000 at most
 */
public record ImportResult<T>(long imported, long refused, List<ImportFailure<T>> failures) {}
