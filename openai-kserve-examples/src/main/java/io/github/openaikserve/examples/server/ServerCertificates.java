package io.github.openaikserve.examples.server;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a server's certificates as they are in their files. Runs on one event loop. */
final class ServerCertificates {
  private static final Logger log = LoggerFactory.getLogger(ServerCertificates.class);

  private final ServerTls tls;
  private Contents contents;

  /**
   * Reads the files.
   *
   * @throws IOException if one cannot be read
   */
  ServerCertificates(ServerTls tls) throws IOException {
    this.tls = tls;
    this.contents = read();
  }

  /** Tells options to use them. */
  HttpServerOptions in(HttpServerOptions options) {
    options.setSsl(true).setKeyCertOptions(contents.own());
    PemTrustOptions clients = contents.clients();
    return clients == null
        ? options
        : options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(clients);
  }

  /** Looks after them for as long as the server lives. */
  void watch(Vertx vertx, HttpServer server) {
    vertx.setPeriodic(
        Math.max(1, tls.check().toMillis()),
        periodically ->
            vertx
                .executeBlocking(this::read)
                .onSuccess(now -> replace(server, now))
                .onFailure(e -> log.warn("the certificates cannot be read: {}", e.getMessage())));
  }

  private void replace(HttpServer server, Contents now) {
    if (now.equals(contents)) {
      return;
    }
    contents = now;
    var options = new ServerSSLOptions().setKeyCertOptions(now.own());
    PemTrustOptions clients = now.clients();
    if (clients != null) {
      options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(clients);
    }
    server
        .updateSSLOptions(options)
        .onSuccess(done -> log.info("the certificates were read again"))
        .onFailure(e -> log.warn("the new certificates cannot be used: {}", e.getMessage()));
  }

  private Contents read() throws IOException {
    Path authorities = tls.clientAuthorities();
    return new Contents(
        Files.readString(tls.certificates()),
        Files.readString(tls.key()),
        authorities == null ? null : Files.readString(authorities));
  }

  /** As they were read. Not a record: its text would show the key. */
  private static final class Contents {
    private final List<String> own;
    private final @Nullable String authorities;

    Contents(String certificates, String key, @Nullable String authorities) {
      this.own = List.of(certificates, key);
      this.authorities = authorities;
    }

    PemKeyCertOptions own() {
      return new PemKeyCertOptions()
          .setCertValue(Buffer.buffer(own.get(0)))
          .setKeyValue(Buffer.buffer(own.get(1)));
    }

    @Nullable PemTrustOptions clients() {
      return authorities == null
          ? null
          : new PemTrustOptions().addCertValue(Buffer.buffer(authorities));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Contents that
          && own.equals(that.own)
          && java.util.Objects.equals(authorities, that.authorities);
    }

    @Override
    public int hashCode() {
      return own.hashCode();
    }
  }
}
