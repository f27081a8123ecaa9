package io.github.openaikserve.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates in files, read again when the files change; a connection keeps those it was made
 * with. gRPC's own watch does not look more often than once a minute, and not at contents.
 */
final class Tls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tls.class);

  private final TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
  private final Duration interval;
  private @Nullable ScheduledExecutorService watch;

  Tls(Duration interval) {
    this.interval = interval;
  }

  /**
   * Trusts the certificates of a PEM file in place of the JDK's.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  void trust(Path certificates) {
    try {
      var manager = AdvancedTlsX509TrustManager.newBuilder().build();
      watch(List.of(certificates), () -> manager.updateTrustCredentials(certificates.toFile()));
      credentials.trustManager(manager);
    } catch (GeneralSecurityException e) {
      throw unreadable(certificates, e);
    }
  }

  /**
   * Shows a certificate, and proves by its key to have it.
   *
   * @throws UncheckedIOException if one cannot be read
   */
  void identify(Path certificates, Path key) {
    var manager = new AdvancedTlsX509KeyManager();
    watch(
        List.of(certificates, key),
        () -> manager.updateIdentityCredentials(certificates.toFile(), key.toFile()));
    credentials.keyManager(manager);
  }

  ChannelCredentials credentials() {
    return credentials.build();
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.shutdownNow();
    }
  }

  private void watch(List<Path> files, Reading reading) {
    List<String> contents;
    try {
      contents = contents(files);
      reading.run();
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(files.get(0), e);
    }
    if (watch == null) {
      watch = Executors.newSingleThreadScheduledExecutor(Tls::daemon);
    }
    var unused =
        watch.scheduleWithFixedDelay(
            new Watch(files, contents, reading),
            interval.toNanos(),
            interval.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "openai-kserve-certificates");
    thread.setDaemon(true);
    return thread;
  }

  private static List<String> contents(List<Path> files) throws IOException {
    List<String> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(Files.readString(file));
    }
    return contents;
  }

  private static UncheckedIOException unreadable(Path file, Exception cause) {
    return new UncheckedIOException(
        "cannot read " + file, cause instanceof IOException e ? e : new IOException(cause));
  }

  private interface Reading {
    void run() throws IOException, GeneralSecurityException;
  }

  /** Reads again what has changed; while that fails, what was read before holds. */
  private static final class Watch implements Runnable {
    private final List<Path> files;
    private final Reading reading;
    private List<String> contents;

    Watch(List<Path> files, List<String> contents, Reading reading) {
      this.files = files;
      this.contents = contents;
      this.reading = reading;
    }

    @Override
    public void run() {
      try {
        List<String> now = contents(files);
        if (!now.equals(contents)) {
          reading.run();
          contents = now; // not before: half of a pair fails, and is tried again
          log.info("{} was read again", files);
        }
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        log.warn("{} cannot be used, and what was read before holds: {}", files, e.getMessage());
      }
    }
  }
}
