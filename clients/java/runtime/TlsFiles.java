package dataservice.runtime;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The files of a Tls, which are read again when they change. New connections use the new files;
 * files that cannot be read leave the ones before in use.
 */
final class TlsFiles implements AutoCloseable {
  private static final long LOOK_SECONDS = 1;

  private final Tls tls;
  private final AdvancedTlsX509TrustManager authorities;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final ScheduledExecutorService clock;
  private List<FileTime> used;

  /** Throws UncheckedIOException if a file cannot be read. */
  TlsFiles(Tls tls) {
    this.tls = tls;
    try {
      authorities = AdvancedTlsX509TrustManager.newBuilder().build();
      used = times();
      load();
    } catch (IOException failure) {
      throw new UncheckedIOException("TLS: " + failure.getMessage(), failure);
    } catch (GeneralSecurityException failure) {
      throw new UncheckedIOException("TLS: " + failure.getMessage(), new IOException(failure));
    }
    clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tls-files");
              thread.setDaemon(true);
              return thread;
            });
    clock.scheduleWithFixedDelay(this::loadIfChanged, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  ChannelCredentials credentials() {
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    if (tls.ca() != null) {
      builder.trustManager(authorities);
    }
    if (tls.certificate() != null) {
      builder.keyManager(keys);
    }
    return builder.build();
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void load() throws IOException, GeneralSecurityException {
    if (tls.ca() != null) {
      authorities.updateTrustCredentials(tls.ca().toFile());
    }
    if (tls.certificate() != null) {
      keys.updateIdentityCredentials(tls.certificate().toFile(), tls.key().toFile());
    }
  }

  private void loadIfChanged() {
    try {
      List<FileTime> now = times();
      if (!now.equals(used)) {
        load();
        used = now;
      }
    } catch (IOException | GeneralSecurityException | RuntimeException unreadable) {
      // Perhaps it is being written: the next look reads it again.
      return;
    }
  }

  private List<FileTime> times() throws IOException {
    List<FileTime> times = new ArrayList<>();
    for (Path file : new Path[] {tls.ca(), tls.certificate(), tls.key()}) {
      if (file != null) {
        times.add(Files.getLastModifiedTime(file));
      }
    }
    return times;
  }
}
