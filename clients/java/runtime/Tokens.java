package dataservice.runtime;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/** Adds the token of a callback to each call of a channel. Thread-safe. */
final class Tokens extends CallCredentials {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** How long before its expiry a token is replaced. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final Callable<Token> source;
  private volatile Token token;

  Tokens(Callable<Token> source) {
    this.source = source;
  }

  /** Forgets the token, which the service has rejected. */
  void drop() {
    token = null;
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    Token current = token;
    if (isFresh(current)) {
      apply(current, applier);
    } else {
      executor.execute(() -> renewAndApply(applier));
    }
  }

  private void renewAndApply(MetadataApplier applier) {
    Token renewed;
    try {
      renewed = renew();
    } catch (Exception failure) {
      applier.fail(
          Status.UNAUTHENTICATED.withDescription("the token callback failed").withCause(failure));
      return;
    }
    apply(renewed, applier);
  }

  private synchronized Token renew() throws Exception {
    if (!isFresh(token)) {
      token = source.call();
    }
    return token;
  }

  private static boolean isFresh(Token token) {
    return token != null
        && (token.expiry() == null || Instant.now().plus(MARGIN).isBefore(token.expiry()));
  }

  private static void apply(Token token, MetadataApplier applier) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token.value());
    applier.apply(headers);
  }
}
