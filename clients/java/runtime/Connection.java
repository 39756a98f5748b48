package dataservice.runtime;

import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.CompositeChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A channel with the settings that calls need. Thread-safe. */
public final class Connection implements AutoCloseable {
  /** The server permits a ping each second, also without a call. */
  private static final long PING_AFTER_SECONDS = 20;

  private static final long PING_TIMEOUT_SECONDS = 10;
  private static final int MAX_MESSAGE_BYTES = 64 << 20;
  private static final long RECONNECT_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ManagedChannel channel;
  private final Channel callChannel;
  private final Options options;
  private final TlsFiles files;
  private final Tokens tokens;
  private final Telemetry telemetry;
  private final LastWrite lastWrite = new LastWrite();
  private final AtomicLong reconnected = new AtomicLong(System.nanoTime());

  /**
   * Does not wait for the service. Throws UncheckedIOException if a file of TLS cannot be read.
   *
   * @param target a gRPC target: HOST:PORT, or dns:///HOST:PORT for all addresses of the host
   * @param options how to connect
   * @param methods the methods of the contract
   * @param name the name of the client in traces and metrics
   */
  public Connection(String target, Options options, Collection<Method<?, ?>> methods, String name) {
    this.options = options;
    tokens = options.token() == null ? null : new Tokens(options.token());
    telemetry = Telemetry.of(name);
    files = options.tls() == null ? null : new TlsFiles(options.tls());
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(target, credentials(files, tokens))
            // Calls repeats, and honours RetryInfo.
            .disableRetry()
            .defaultServiceConfig(serviceConfig(methods))
            .keepAliveTime(PING_AFTER_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES);
    if (options.tls() != null && options.tls().serverName() != null) {
      builder.overrideAuthority(options.tls().serverName());
    }
    channel = options.channel().apply(builder).build();
    callChannel = ClientInterceptors.intercept(channel, Attempt.INTERCEPTOR);
  }

  private static ChannelCredentials credentials(TlsFiles files, Tokens tokens) {
    ChannelCredentials credentials =
        files == null ? InsecureChannelCredentials.create() : files.credentials();
    return tokens == null ? credentials : CompositeChannelCredentials.create(credentials, tokens);
  }

  /** The gRPC service config of a contract, for ManagedChannelBuilder.defaultServiceConfig. */
  public static Map<String, ?> serviceConfig(Collection<Method<?, ?>> methods) {
    return ServiceConfig.of(methods);
  }

  /** The channel, for stubs. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Ends the connection and the calls that use it. */
  @Override
  public void close() {
    channel.shutdownNow();
    if (files != null) {
      files.close();
    }
    try {
      channel.awaitTermination(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The channel of calls that have an Attempt in their options. */
  Channel callChannel() {
    return callChannel;
  }

  Policy policy() {
    return options.policy();
  }

  Telemetry telemetry() {
    return telemetry;
  }

  /** The last write of all clients that share the connection. */
  LastWrite lastWrite() {
    return lastWrite;
  }

  /** The tokens of the calls, or null. */
  Tokens tokens() {
    return tokens;
  }

  /**
   * Tries to connect now if the last attempt failed: gRPC for Java waits a second or more, which
   * cannot be configured. Does so only ten times a second, for all calls together.
   */
  void reconnect() {
    long last = reconnected.get();
    long now = System.nanoTime();
    if (now - last > RECONNECT_AFTER_NANOS
        && channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE
        && reconnected.compareAndSet(last, now)) {
      channel.resetConnectBackoff();
    }
  }
}
