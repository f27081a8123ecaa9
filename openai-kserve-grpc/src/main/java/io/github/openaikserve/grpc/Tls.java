package io.github.openaikserve.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
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
 * TLS credentials that reload their PEM files when the contents change. Open connections keep the
 * credentials that they were established with. Not thread-safe, except {@link #reload}.
 *
 * <p>gRPC's {@link AdvancedTlsX509KeyManager} can watch files itself, but reloads only once the
 * modification times of both files have changed, so it misses a certificate that was renewed for
 * the same key. It does not check that key and certificate belong together either.
 */
final class Tls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tls.class);

  private final TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
  private final Duration interval;
  private final List<ReloadedFiles<?>> watched = new ArrayList<>();
  private @Nullable ScheduledExecutorService timer;

  Tls(Duration interval) {
    this.interval = interval;
  }

  /**
   * Opens the files of a builder.
   *
   * @throws UncheckedIOException if a file cannot be read
   */
  static Tls open(GrpcBackendBuilder builder) {
    var opened = new Tls(builder.certificateReloadInterval);
    try {
      if (builder.trustedCertificates == null) {
        opened.trustJdk();
      } else {
        opened.trustManager(builder.trustedCertificates);
      }
      if (builder.clientCertificates != null && builder.clientKey != null) {
        opened.keyManager(builder.clientCertificates, builder.clientKey);
      }
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Trusts the JDK's certificates.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  private void trustJdk() {
    try {
      credentials.trustManager(ServerTrust.ofJdk());
    } catch (GeneralSecurityException e) {
      throw new UncheckedIOException(
          new IOException("cannot use the JDK's trusted certificates: " + e.getMessage(), e));
    }
  }

  /**
   * Trusts the certificates of a PEM file instead of the JDK's.
   *
   * @throws UncheckedIOException if the file cannot be read or parsed
   */
  void trustManager(Path certificates) {
    try {
      var manager = AdvancedTlsX509TrustManager.newBuilder().build();
      watch(
          new ReloadedFiles<>(
              List.of(certificates),
              () -> PemIdentity.text(certificates),
              pem ->
                  manager.updateTrustCredentials(
                      PemIdentity.certificates(pem).toArray(new X509Certificate[0]))));
      credentials.trustManager(new ServerTrust(manager));
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(certificates, e);
    }
  }

  /**
   * Authenticates this client with a certificate.
   *
   * @throws UncheckedIOException if a file cannot be read or parsed, or the key does not belong to
   *     the certificate
   */
  void keyManager(Path certificates, Path key) {
    var manager = new AdvancedTlsX509KeyManager();
    try {
      watch(
          new ReloadedFiles<>(
              List.of(certificates, key),
              () -> PemIdentity.read(certificates, key),
              identity ->
                  manager.updateIdentityCredentials(
                      identity.certificates().toArray(new X509Certificate[0]), identity.key())));
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(certificates, e);
    }
    credentials.keyManager(manager);
  }

  ChannelCredentials credentials() {
    return credentials.build();
  }

  /** Checks all files now, as each interval does. */
  void reload() {
    watched.forEach(ReloadedFiles::reload);
  }

  @Override
  public void close() {
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  private void watch(ReloadedFiles<?> files) {
    watched.add(files);
    if (timer == null) {
      timer = Executors.newSingleThreadScheduledExecutor(Tls::daemon);
    }
    long nanos = TimeUnit.NANOSECONDS.convert(interval);
    var unused = timer.scheduleWithFixedDelay(files::reload, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "openai-kserve-certificates");
    thread.setDaemon(true);
    return thread;
  }

  private static UncheckedIOException unusable(Path file, Exception cause) {
    String message = cause.getMessage();
    if (cause instanceof NoSuchFileException) {
      message = "cannot read " + file;
    } else if (cause instanceof FileSystemException || cause instanceof GeneralSecurityException) {
      message = "cannot use " + file + ": " + cause;
    }
    return new UncheckedIOException(
        message, cause instanceof IOException e ? e : new IOException(cause));
  }

  private interface Read<T> {
    T read() throws IOException;
  }

  private interface Use<T> {
    void use(T contents) throws IOException, GeneralSecurityException;
  }

  /** Files and their contents in use; a change that fails leaves those in use. Thread-safe. */
  private static final class ReloadedFiles<T> {
    private final List<Path> files;
    private final Read<T> read;
    private final Use<T> use;

    // Guarded by this.
    private T used;
    private @Nullable String reported;

    ReloadedFiles(List<Path> files, Read<T> read, Use<T> use)
        throws IOException, GeneralSecurityException {
      this.files = files;
      this.read = read;
      this.use = use;
      this.used = read.read();
      use.use(used);
    }

    /** Applies the files if they have changed. Logs the same failure once. */
    synchronized void reload() {
      try {
        T now = read.read();
        if (!now.equals(used)) {
          use.use(now);
          used = now;
          log.info("certificates reloaded files={}", files);
        }
        reported = null;
      } catch (IOException | GeneralSecurityException | RuntimeException | Error e) {
        // Any exception would end the scheduled task.
        String reason = e.toString();
        if (!reason.equals(reported)) {
          reported = reason;
          log.warn(
              "certificates not reloaded, previous ones remain in use files={} reason=\"{}\"",
              files,
              reason);
        }
      }
    }
  }
}
