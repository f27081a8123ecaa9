package io.github.openaikserve.server.http;

import io.github.openaikserve.grpc.PemIdentity;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's TLS certificates, reloaded when their files change. If a change is not usable, such
 * as a certificate without its key, the previous certificates remain in use. Used on one event loop
 * only.
 */
final class ServerCertificates {
  private static final Logger log = LoggerFactory.getLogger(ServerCertificates.class);

  private final ServerTls tls;
  private Contents contents;
  private @Nullable String reported;

  /**
   * Reads the files.
   *
   * @throws IOException if a file cannot be read or parsed, or the key does not belong to the
   *     certificate
   */
  ServerCertificates(ServerTls tls) throws IOException {
    this.tls = tls;
    this.contents = read();
  }

  void addTo(HttpServerOptions options) {
    contents.addTo(options.setSsl(true).getSslOptions());
  }

  /** Checks the files for changes at the configured interval, until {@code vertx} is closed. */
  void watch(Vertx vertx, HttpServer server) {
    vertx.setPeriodic(
        Math.max(1, tls.check().toMillis()),
        periodically ->
            vertx
                .executeBlocking(this::read)
                .onSuccess(now -> replace(server, now))
                .onFailure(this::report));
  }

  private void replace(HttpServer server, Contents now) {
    if (now.equals(contents)) {
      reported = null;
      return;
    }
    server
        .updateSSLOptions(now.addTo(new ServerSSLOptions()))
        .onSuccess(
            done -> {
              contents = now;
              reported = null;
              log.info("certificates reloaded file={}", tls.certificates());
            })
        .onFailure(this::report);
  }

  /** Logs a failure once, until the next change. */
  private void report(Throwable failure) {
    String reason = failure.toString();
    if (!reason.equals(reported)) {
      reported = reason;
      log.warn(
          "certificates not reloaded, previous ones remain in use file={} reason=\"{}\"",
          tls.certificates(),
          reason);
    }
  }

  private Contents read() throws IOException {
    Path authorities = tls.clientAuthorities();
    return new Contents(
        PemIdentity.read(tls.certificates(), tls.key()),
        authorities == null ? null : ClientTrust.read(authorities));
  }

  private record Contents(PemIdentity identity, @Nullable ClientTrust clients) {
    ServerSSLOptions addTo(ServerSSLOptions options) {
      options.setKeyCertOptions(
          new PemKeyCertOptions()
              .setCertValue(Buffer.buffer(identity.certificatesPem()))
              .setKeyValue(Buffer.buffer(identity.keyPem())));
      return clients == null
          ? options
          : options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(TrustOptions.wrap(clients));
    }
  }
}
