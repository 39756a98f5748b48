package dataservice.runtime;

import java.util.function.Consumer;

/**
 * How rows are imported. They are sent in chunks, each in a stream of its own, no faster than the
 * service takes them, and no further rows are read before the service has confirmed a chunk. Each
 * row has a request_id: a chunk whose stream breaks is sent again, and each of its rows is created
 * once.
 *
 * @param chunk the number of rows that are sent and kept in memory at a time
 * @param progress is called after each chunk
 * @param refused is called for each row that the service refuses, in the order of the rows
 */
public record ImportOptions<T>(
    int chunk, Consumer<ImportResult<T>> progress, Consumer<ImportFailure<T>> refused) {
  public ImportOptions {
    if (chunk < 1) {
      throw new IllegalArgumentException("a chunk has at least one row");
    }
  }

  /** Chunks of 2000 rows. */
  public static <T> ImportOptions<T> defaults() {
    return new ImportOptions<>(2000, result -> {}, failure -> {});
  }

  /** With chunks of another size. */
  public ImportOptions<T> withChunk(int rows) {
    return new ImportOptions<>(rows, progress, refused);
  }

  /** With a callback after each chunk. */
  public ImportOptions<T> onProgress(Consumer<ImportResult<T>> callback) {
    return new ImportOptions<>(chunk, callback, refused);
  }

  /** With a callback for each refused row. */
  public ImportOptions<T> onRefused(Consumer<ImportFailure<T>> callback) {
    return new ImportOptions<>(chunk, progress, callback);
  }
}
