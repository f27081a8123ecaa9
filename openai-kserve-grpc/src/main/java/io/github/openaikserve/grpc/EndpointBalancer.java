package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import io.grpc.util.ForwardingLoadBalancerHelper;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of gRPC's own policies, told which endpoints to leave alone. Not thread-safe; gRPC calls it
 * in its synchronization context only.
 */
final class EndpointBalancer extends LoadBalancer {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Helper helper;
  private final Map<SocketAddress, Endpoint> endpoints = new HashMap<>();
  private final List<ScheduledHandle> repeated = new ArrayList<>();
  private EndpointPolicy.@Nullable Config config;
  private @Nullable LoadBalancer policy;
  private int resolved;

  EndpointBalancer(Helper helper) {
    this.helper = helper;
  }

  @Override
  public Status acceptResolvedAddresses(ResolvedAddresses found) {
    if (!(found.getLoadBalancingPolicyConfig() instanceof EndpointPolicy.Config given)) {
      return Status.INTERNAL.withDescription("the policy's settings are missing");
    }
    if (config == null) {
      begin(given);
    }
    Set<SocketAddress> known = new HashSet<>();
    found.getAddresses().forEach(group -> known.addAll(group.getAddresses()));
    endpoints.keySet().retainAll(known);
    resolved = found.getAddresses().size();
    return policy()
        .acceptResolvedAddresses(
            found.toBuilder().setLoadBalancingPolicyConfig(given.childSettings()).build());
  }

  /** The first settings stay: a backend never changes them. */
  private void begin(EndpointPolicy.Config given) {
    config = given;
    policy = given.child().newLoadBalancer(new Watching(given));
    repeat(given.health().probe(), () -> endpoints.values().forEach(this::ask));
    repeat(given.health().refresh(), helper::refreshNameResolution);
  }

  private void repeat(@Nullable Duration interval, Runnable task) {
    if (interval != null) {
      repeated.add(
          helper
              .getSynchronizationContext()
              .scheduleWithFixedDelay(
                  task,
                  interval.toNanos(),
                  interval.toNanos(),
                  TimeUnit.NANOSECONDS,
                  helper.getScheduledExecutorService()));
    }
  }

  private LoadBalancer policy() {
    if (policy == null) {
      throw new IllegalStateException("nothing was resolved yet");
    }
    return policy;
  }

  @Override
  public void handleNameResolutionError(Status error) {
    if (policy == null) {
      helper.updateBalancingState(ConnectivityState.TRANSIENT_FAILURE, new Failing(error));
    } else {
      policy.handleNameResolutionError(error);
    }
  }

  @Override
  public void requestConnection() {
    if (policy != null) {
      policy.requestConnection();
    }
  }

  @Override
  public void shutdown() {
    repeated.forEach(ScheduledHandle::cancel);
    if (policy != null) {
      policy.shutdown();
    }
  }

  private Endpoint endpoint(List<EquivalentAddressGroup> groups, EndpointHealth health) {
    SocketAddress address = groups.get(0).getAddresses().get(0);
    return endpoints.computeIfAbsent(address, a -> new Endpoint(String.valueOf(a), health));
  }

  private void ask(Endpoint endpoint) {
    Subchannel subchannel = endpoint.subchannel();
    EndpointPolicy.Config settings = config;
    if (subchannel == null || settings == null) {
      return;
    }
    Caller caller = settings.caller();
    new Probe(
            new Methods(settings.service()),
            subchannel.asChannel(),
            caller.options().withDeadlineAfter(PATIENCE.toNanos(), TimeUnit.NANOSECONDS),
            caller.metadata())
        .call(
            GRPCInferenceServiceGrpc.getServerReadyMethod(),
            ServerReadyRequest.getDefaultInstance())
        .whenComplete(
            (answer, failure) ->
                endpoint.says(failure == null ? answer.getReady() : !Probe.isBroken(failure)));
  }

  private final class Watching extends ForwardingLoadBalancerHelper {
    private final EndpointPolicy.Config settings;

    Watching(EndpointPolicy.Config settings) {
      this.settings = settings;
    }

    @Override
    protected Helper delegate() {
      return helper;
    }

    @Override
    public Subchannel createSubchannel(CreateSubchannelArgs args) {
      Endpoint endpoint = endpoint(args.getAddresses(), settings.health());
      Subchannel made =
          helper.createSubchannel(
              args.toBuilder()
                  .setAttributes(
                      args.getAttributes().toBuilder().set(Endpoint.KEY, endpoint).build())
                  .build());
      endpoint.reachedBy(made);
      return made;
    }

    @Override
    public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
      helper.updateBalancingState(
          state,
          state == ConnectivityState.READY
              ? new EndpointPicker(picker, resolved, settings.leastRequest())
              : picker);
    }
  }

  private static final class Failing extends SubchannelPicker {
    private final PickResult result;

    Failing(Status error) {
      result = PickResult.withError(error);
    }

    @Override
    public PickResult pickSubchannel(PickSubchannelArgs args) {
      return result;
    }
  }
}
