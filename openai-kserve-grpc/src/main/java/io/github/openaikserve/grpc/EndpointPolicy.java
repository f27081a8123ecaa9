package io.github.openaikserve.grpc;

import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes {@link EndpointBalancer}s out of a service config. Thread-safe. */
final class EndpointPolicy extends LoadBalancerProvider {
  static final String NAME = "openai_kserve_endpoints";

  private static final String CHILD = "childPolicy";
  private static final String LEAST_REQUEST = "leastRequest";
  private static final String SERVICE = "service";
  private static final String CALLER = "caller";
  private static final int PRIORITY = 5;

  static {
    LoadBalancerRegistry.getDefaultRegistry().register(new EndpointPolicy());
  }

  /** Settings are JSON, which credentials are not: what is told is a name for them. */
  private static final Map<String, Caller> CALLERS = new ConcurrentHashMap<>();

  private static final AtomicLong NAMES = new AtomicLong();

  private EndpointPolicy() {}

  /**
   * Has the policy know a caller; the name to tell it by, until it is {@link #forget forgotten}.
   */
  static String introduce(Caller caller) {
    String name = Long.toString(NAMES.incrementAndGet());
    CALLERS.put(name, caller);
    return name;
  }

  static void forget(String caller) {
    CALLERS.remove(caller);
  }

  /** The settings as JSON; making them also makes the policy known to gRPC. */
  static Map<String, ?> settings(
      String child,
      Map<String, ?> childSettings,
      boolean leastRequest,
      EndpointHealth health,
      @Nullable String service,
      String caller) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CHILD, List.of(Map.of(child, childSettings)));
    settings.put(LEAST_REQUEST, leastRequest);
    settings.put("failures", (double) health.failures());
    settings.put("pause", health.pause().toString());
    settings.put("longestPause", health.longestPause().toString());
    settings.put("silence", health.silence().toString());
    if (health.probe() != null) {
      settings.put("probe", health.probe().toString());
    }
    if (health.refresh() != null) {
      settings.put("refresh", health.refresh().toString());
    }
    if (service != null) {
      settings.put(SERVICE, service);
    }
    settings.put(CALLER, caller);
    return settings;
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }

  @Override
  public String getPolicyName() {
    return NAME;
  }

  @Override
  public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
    return new EndpointBalancer(helper);
  }

  @Override
  public ConfigOrError parseLoadBalancingPolicyConfig(Map<String, ?> raw) {
    try {
      return parse(raw);
    } catch (RuntimeException e) {
      return ConfigOrError.fromError(
          Status.INTERNAL.withDescription("the settings of " + NAME + " are wrong").withCause(e));
    }
  }

  private static ConfigOrError parse(Map<String, ?> raw) {
    Map.Entry<String, Map<String, ?>> childConfig = child(raw);
    LoadBalancerProvider child =
        LoadBalancerRegistry.getDefaultRegistry().getProvider(childConfig.getKey());
    if (child == null) {
      return ConfigOrError.fromError(
          Status.INTERNAL.withDescription("there is no policy " + childConfig.getKey()));
    }
    ConfigOrError childSettings = child.parseLoadBalancingPolicyConfig(childConfig.getValue());
    if (childSettings.getError() != null) {
      return childSettings;
    }
    var health =
        new EndpointHealth(
            raw.get("failures") instanceof Double n ? n.intValue() : 0,
            duration(raw, "pause", EndpointHealth.DEFAULT.pause()),
            duration(raw, "longestPause", EndpointHealth.DEFAULT.longestPause()),
            duration(raw, "silence", EndpointHealth.DEFAULT.silence()),
            optionalDuration(raw, "probe"),
            optionalDuration(raw, "refresh"));
    return ConfigOrError.fromConfig(
        new Config(
            child,
            childSettings.getConfig(),
            Boolean.TRUE.equals(raw.get(LEAST_REQUEST)),
            health,
            (String) raw.get(SERVICE),
            CALLERS.getOrDefault(String.valueOf(raw.get(CALLER)), Caller.ANYBODY)));
  }

  @SuppressWarnings("unchecked")
  private static Map.Entry<String, Map<String, ?>> child(Map<String, ?> raw) {
    var children = (List<Map<String, Map<String, ?>>>) raw.get(CHILD);
    if (children == null) {
      throw new IllegalArgumentException("there is no " + CHILD);
    }
    return children.get(0).entrySet().iterator().next();
  }

  private static Duration duration(Map<String, ?> raw, String name, Duration otherwise) {
    Duration given = optionalDuration(raw, name);
    return given == null ? otherwise : given;
  }

  private static @Nullable Duration optionalDuration(Map<String, ?> raw, String name) {
    return raw.get(name) instanceof String text ? Duration.parse(text) : null;
  }

  /**
   * What is told to a balancer. Equal if all is equal, as gRPC asks.
   *
   * @param childSettings as the child has parsed them
   * @param service the name of the servers' service; null for the protocol's own
   * @param caller who asks whether they are ready
   */
  record Config(
      LoadBalancerProvider child,
      @Nullable Object childSettings,
      boolean leastRequest,
      EndpointHealth health,
      @Nullable String service,
      Caller caller) {}
}
