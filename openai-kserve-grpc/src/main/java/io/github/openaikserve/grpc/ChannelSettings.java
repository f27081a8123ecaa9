package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.internal.endpoint.HostAndPort;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The settings of the channels that a backend opens. Not thread-safe. */
final class ChannelSettings {
  /** gRPC's default of 4 MiB is too small for a page of log probabilities. */
  private static final int DEFAULT_MAX_MESSAGE_SIZE = 64 << 20;

  private static final int MIN_WINDOW = 64 << 10;

  /** Holds some thousand tokens. */
  private static final int DEFAULT_WINDOW = 256 << 10;

  private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final Map<String, Consumer<ManagedChannelBuilder<?>>> options = new LinkedHashMap<>();
  private boolean tls;
  private @Nullable Path trustedCertificates;
  private @Nullable Path clientCertificates;
  private @Nullable Path clientKey;
  private Duration certificateReloadInterval = Duration.ofMinutes(1);
  private @Nullable String authority;

  ChannelSettings() {
    maxMessageSize(DEFAULT_MAX_MESSAGE_SIZE);
    flowControlWindow(DEFAULT_WINDOW);
    connectTimeout(DEFAULT_CONNECT_TIMEOUT);
  }

  void tls(@Nullable Path trusted) {
    tls = true;
    trustedCertificates = trusted;
  }

  boolean isEncrypted() {
    return tls;
  }

  void clientCertificate(Path certificates, Path key) {
    clientCertificates = Objects.requireNonNull(certificates, "certificates");
    clientKey = Objects.requireNonNull(key, "key");
  }

  void certificateReloadInterval(Duration interval) {
    certificateReloadInterval = Objects.requireNonNull(interval, "interval");
  }

  void authority(String name) {
    authority = Objects.requireNonNull(name, "authority");
  }

  void keepAlive(Duration interval) {
    long nanos = TimeUnit.NANOSECONDS.convert(interval);
    options.put("keepAlive", channel -> channel.keepAliveTime(nanos, TimeUnit.NANOSECONDS));
  }

  void maxMessageSize(int bytes) {
    options.put("maxMessageSize", channel -> channel.maxInboundMessageSize(bytes));
  }

  void flowControlWindow(int bytes) {
    if (bytes < MIN_WINDOW) {
      throw new IllegalArgumentException(
          "the flow-control window must be at least 65536 bytes (64 KiB), found " + bytes);
    }
    options.put("flowControlWindow", channel -> TransportOptions.flowControlWindow(channel, bytes));
  }

  void connectTimeout(Duration timeout) {
    if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "the connect timeout must be at least 1 ms, found " + timeout);
    }
    options.put("connectTimeout", channel -> TransportOptions.connectTimeout(channel, timeout));
  }

  void directExecutor() {
    options.put("executor", ManagedChannelBuilder::directExecutor);
  }

  /** Returns an opener with the current settings; later changes do not affect it. */
  Opener opener() {
    if (!tls && clientCertificates != null) {
      throw new IllegalArgumentException("a client certificate requires TLS; call tls() as well");
    }
    return new Opener(
        List.copyOf(options.values()),
        authority,
        tls
            ? new TlsFiles(
                trustedCertificates, clientCertificates, clientKey, certificateReloadInterval)
            : null);
  }

  /** The certificate files, and the interval at which they are checked for changes. */
  private record TlsFiles(
      @Nullable Path trusted,
      @Nullable Path certificates,
      @Nullable Path key,
      Duration checkInterval) {
    Tls open() {
      var opened = new Tls(checkInterval);
      try {
        if (trusted != null) {
          opened.trustManager(trusted);
        }
        if (certificates != null && key != null) {
          opened.keyManager(certificates, key);
        }
        return opened;
      } catch (RuntimeException e) {
        opened.close();
        throw e;
      }
    }
  }

  /** Opens channels. Immutable. */
  static final class Opener {
    private final List<Consumer<ManagedChannelBuilder<?>>> options;
    private final @Nullable String authority;
    private final @Nullable TlsFiles files;

    private Opener(
        List<Consumer<ManagedChannelBuilder<?>>> options,
        @Nullable String authority,
        @Nullable TlsFiles files) {
      this.options = options;
      this.authority = authority;
      this.files = files;
    }

    /**
     * Reads the certificates. Returns null without TLS.
     *
     * @throws java.io.UncheckedIOException if they cannot be read
     */
    @Nullable Tls tls() {
      return files == null ? null : files.open();
    }

    /**
     * Opens a channel. It connects on its first call.
     *
     * @param server the authority, and so the name that the server's certificate must have, unless
     *     the settings have another
     */
    ManagedChannel open(@Nullable Tls tls, HostAndPort address, String server) {
      ChannelCredentials credentials =
          tls == null ? InsecureChannelCredentials.create() : tls.credentials();
      ManagedChannelBuilder<?> channel =
          Grpc.newChannelBuilder(address.toString(), credentials).disableRetry();
      options.forEach(option -> option.accept(channel));
      channel.overrideAuthority(authority == null ? server : authority);
      return channel.build();
    }
  }
}
