package dataservice.runtime;

import java.time.Instant;

/**
 * A bearer token (RFC 6750).
 *
 * @param value is sent as "authorization: Bearer VALUE"
 * @param expiry when the token becomes invalid; null if that is not known
 */
public record Token(String value, Instant expiry) {
  /** A token that is used until the service rejects it. */
  public static Token of(String value) {
    return new Token(value, null);
  }

  /** Does not contain the token, so that logs do not. */
  @Override
  public String toString() {
    return "Token[expiry=" + expiry + "]";
  }
}
