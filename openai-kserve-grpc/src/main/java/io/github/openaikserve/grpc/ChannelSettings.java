package io.github.openaikserve.grpc;

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

/** Collects how channels are made. Not thread-safe. */
final class ChannelSettings {
  /** gRPC's own 4 MiB is less than a page of log probabilities. */
  private static final int DEFAULT_MAX_MESSAGE_SIZE = 64 << 20;

  private static final int MIN_WINDOW = 64 << 10;

  /** Some thousand tokens. */
  private static final int DEFAULT_WINDOW = 256 << 10;

  private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final Map<String, Consumer<ManagedChannelBuilder<?>>> options = new LinkedHashMap<>();
  private boolean tls;
  private @Nullable Path trustedCertificates;
  private @Nullable Path clientCertificates;
  private @Nullable Path clientKey;
  private Duration certificateCheck = Duration.ofMinutes(1);
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

  void certificateCheck(Duration interval) {
    certificateCheck = Objects.requireNonNull(interval, "interval");
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
      throw new IllegalArgumentException("the window must be at least 64 KiB, was " + bytes);
    }
    options.put("flowControlWindow", channel -> TransportOptions.flowControlWindow(channel, bytes));
  }

  void connectTimeout(Duration timeout) {
    if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "the connect timeout must be at least 1 ms, was " + timeout);
    }
    options.put("connectTimeout", channel -> TransportOptions.connectTimeout(channel, timeout));
  }

  void directExecutor() {
    options.put("executor", ManagedChannelBuilder::directExecutor);
  }

  /** Returns what opens channels with these settings, and with none that are changed later. */
  Opener opener() {
    if (!tls && clientCertificates != null) {
      throw new IllegalArgumentException("a client certificate needs TLS: call tls() as well");
    }
    return new Opener(
        List.copyOf(options.values()),
        authority,
        tls
            ? new TlsFiles(trustedCertificates, clientCertificates, clientKey, certificateCheck)
            : null);
  }

  /** Where certificates are read from. */
  private record TlsFiles(
      @Nullable Path trusted,
      @Nullable Path certificates,
      @Nullable Path key,
      Duration checkInterval) {
    Tls open() {
      var opened = new Tls(checkInterval);
      try {
        if (trusted != null) {
          opened.trust(trusted);
        }
        if (certificates != null && key != null) {
          opened.identify(certificates, key);
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
     * Reads the certificates; null without TLS.
     *
     * @throws java.io.UncheckedIOException if they cannot be read
     */
    @Nullable Tls tls() {
      return files == null ? null : files.open();
    }

    /**
     * Opens a channel, which connects when it is first used.
     *
     * @param server the name that its certificate must have, unless one was set
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
