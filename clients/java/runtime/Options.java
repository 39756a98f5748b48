package dataservice.runtime;

import io.grpc.ManagedChannelBuilder;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/**
 * How to connect.
 *
 * @param tls null for cleartext
 * @param token returns the bearer token of calls, or null for calls without one. It is called
 *     before the first call, again a minute before the token expires, and after the service has
 *     rejected a token; never twice at the same time
 * @param policy deadlines and repetitions
 * @param channel changes the builder of the channel last
 */
public record Options(
    Tls tls,
    Callable<Token> token,
    Policy policy,
    UnaryOperator<ManagedChannelBuilder<?>> channel) {
  public Options {
    if (token != null && tls == null) {
      throw new IllegalArgumentException(
          "a token needs TLS: in cleartext everybody on the way could use it");
    }
  }

  /** TLS with the authorities of the Java runtime. */
  public static Options secure() {
    return secure(Tls.DEFAULT);
  }

  /** TLS with authorities or a certificate of one's own. */
  public static Options secure(Tls tls) {
    return new Options(tls, null, Policy.DEFAULT, UnaryOperator.identity());
  }

  /** Without TLS. */
  public static Options cleartext() {
    return new Options(null, null, Policy.DEFAULT, UnaryOperator.identity());
  }

  /** With the bearer tokens of a callback. */
  public Options withToken(Callable<Token> source) {
    return new Options(tls, source, policy, channel);
  }

  /** With other deadlines and repetitions. */
  public Options withPolicy(Policy other) {
    return new Options(tls, token, other, channel);
  }

  /** With other settings of the channel. */
  public Options withChannel(UnaryOperator<ManagedChannelBuilder<?>> change) {
    return new Options(tls, token, policy, change);
  }
}
