package io.github.openaikserve.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How channels are to be made. Not thread-safe. */
final class ChannelSettings {
  /** gRPC's own 4 MiB is less than a page of log probabilities. */
  private static final int DEFAULT_MAX_MESSAGE_SIZE = 64 << 20;

  private static final int MIN_WINDOW = 64 << 10;

  /** Some thousand tokens. */
  private static final int DEFAULT_WINDOW = 256 << 10;

  private static final String ROUND_ROBIN = "round_robin";

  private boolean tls;
  private @Nullable Path trustedCertificates;
  private @Nullable Path clientCertificates;
  private @Nullable Path clientKey;
  private Duration certificateCheck = Duration.ofMinutes(1);
  private @Nullable String authority;
  private @Nullable Duration keepAlive;
  private int maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE;
  private int flowControlWindow = DEFAULT_WINDOW;
  private boolean direct;
  private Retries retries = Retries.DEFAULT;
  private EndpointHealth health = EndpointHealth.DEFAULT;
  private @Nullable Balancing balancing;
  private @Nullable String policy;
  private Map<String, ?> policySettings = Map.of();

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
    keepAlive = Objects.requireNonNull(interval, "interval");
  }

  void maxMessageSize(int bytes) {
    maxMessageSize = bytes;
  }

  void flowControlWindow(int bytes) {
    if (bytes < MIN_WINDOW) {
      throw new IllegalArgumentException("the window must be at least 64 KiB, was " + bytes);
    }
    flowControlWindow = bytes;
  }

  void directExecutor() {
    direct = true;
  }

  void retries(Retries retries) {
    this.retries = Objects.requireNonNull(retries, "retries");
  }

  void health(EndpointHealth health) {
    this.health = Objects.requireNonNull(health, "health");
  }

  void balancing(Balancing balancing) {
    this.balancing = Objects.requireNonNull(balancing, "balancing");
    this.policy = null;
  }

  void balancing(String policy, Map<String, ?> settings) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.policySettings = Map.copyOf(settings);
  }

  /** What opens channels with these settings; {@code owned} closes them. */
  Opener opener(@Nullable String service, Connections owned, Caller caller) {
    return new Opener(service, credentials(owned), owned, caller);
  }

  private ChannelCredentials credentials(Connections owned) {
    if (!tls) {
      if (clientCertificates != null) {
        throw new IllegalArgumentException("a client's certificate needs TLS");
      }
      return InsecureChannelCredentials.create();
    }
    Tls certificates = owned.add(new Tls(certificateCheck));
    if (trustedCertificates != null) {
      certificates.trust(trustedCertificates);
    }
    if (clientCertificates != null && clientKey != null) {
      certificates.identify(clientCertificates, clientKey);
    }
    return certificates.credentials();
  }

  /** Opens channels. */
  final class Opener {
    private final @Nullable String service;
    private final ChannelCredentials credentials;
    private final Connections owned;
    private final String caller;

    private Opener(
        @Nullable String service,
        ChannelCredentials credentials,
        Connections owned,
        Caller caller) {
      this.service = service;
      this.credentials = credentials;
      this.owned = owned;
      this.caller = EndpointPolicy.introduce(caller);
      owned.atLast(() -> EndpointPolicy.forget(this.caller));
    }

    Way open(String target) {
      if (AnyServeTarget.is(target)) {
        AnyServeTarget.parse(target); // so that what is wrong with it is said now
        AnyServeResolverProvider.register();
      }
      ManagedChannel once = channel(target, Retries.NONE);
      return new Way(retries.maxAttempts() == 1 ? once : channel(target, retries), once);
    }

    private ManagedChannel channel(String target, Retries repeated) {
      ManagedChannelBuilder<?> channel =
          Grpc.newChannelBuilder(target, credentials)
              .maxInboundMessageSize(maxMessageSize)
              .disableServiceConfigLookUp()
              .defaultServiceConfig(
                  balanced(new ServiceConfig().retries(repeated, service), target).toMap());
      if (repeated.maxAttempts() > 1) {
        channel.maxRetryAttempts(repeated.maxAttempts());
      }
      FlowControl.limit(channel, flowControlWindow);
      if (direct) {
        channel.directExecutor();
      }
      if (keepAlive != null) {
        channel.keepAliveTime(keepAlive.toNanos(), TimeUnit.NANOSECONDS);
      }
      if (authority != null) {
        channel.overrideAuthority(authority);
      }
      return owned.add(channel.build());
    }

    private ServiceConfig balanced(ServiceConfig config, String target) {
      if (policy != null) {
        return watched(config, policy, policySettings, false);
      }
      Balancing chosen = balancing;
      if (chosen == null) {
        chosen = target.contains("://") ? Balancing.LEAST_REQUEST : Balancing.PICK_FIRST;
      }
      return chosen == Balancing.PICK_FIRST
          ? config
          : watched(config, ROUND_ROBIN, Map.of(), chosen == Balancing.LEAST_REQUEST);
    }

    private ServiceConfig watched(
        ServiceConfig config, String child, Map<String, ?> settings, boolean leastRequest) {
      return config.balancing(
          EndpointPolicy.NAME,
          EndpointPolicy.settings(child, settings, leastRequest, health, service, caller));
    }
  }
}
