package io.github.openaikserve.grpc;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Lets a policy pick until it picks an endpoint that is welcome. Thread-safe. */
final class EndpointPicker extends SubchannelPicker {
  private static final int MOST_PICKS = 16;
  private static final int MOST_CHOICES = 5;

  private final SubchannelPicker policy;
  private final int endpoints;
  private final boolean leastRequest;

  EndpointPicker(SubchannelPicker policy, int endpoints, boolean leastRequest) {
    this.policy = policy;
    this.endpoints = endpoints;
    this.leastRequest = leastRequest;
  }

  @Override
  public PickResult pickSubchannel(PickSubchannelArgs args) {
    if (leastRequest && ThreadLocalRandom.current().nextBoolean()) {
      // A policy that goes round would else begin at the same ones for ever.
      var unused = policy.pickSubchannel(args);
    }
    Choice best = null;
    Choice unwelcome = null;
    int choices = 0;
    int wanted = leastRequest ? Math.min(endpoints + 1, MOST_CHOICES) : 1;
    for (int i = 0; i < Math.min(endpoints + 1, MOST_PICKS) && choices < wanted; i++) {
      PickResult result = policy.pickSubchannel(args);
      Subchannel subchannel = result.getSubchannel();
      Endpoint endpoint = subchannel == null ? null : subchannel.getAttributes().get(Endpoint.KEY);
      if (endpoint == null) {
        return result; // it is to wait, or to fail
      }
      if (endpoint.claimTrial()) {
        return new Choice(result, endpoint).watched(true);
      }
      if (endpoint.isWelcome()) {
        choices++;
        best = fewerOpen(best, new Choice(result, endpoint));
      } else {
        unwelcome = new Choice(result, endpoint);
      }
    }
    Choice chosen = best == null ? unwelcome : best;
    return chosen == null ? policy.pickSubchannel(args) : chosen.watched(false);
  }

  private static Choice fewerOpen(@Nullable Choice best, Choice next) {
    return best == null || next.endpoint.open() < best.endpoint.open() ? next : best;
  }

  private record Choice(PickResult result, Endpoint endpoint) {
    PickResult watched(boolean trial) {
      return PickResult.withSubchannel(
          result.getSubchannel(),
          OutcomeTracer.factory(endpoint, trial, result.getStreamTracerFactory()));
    }
  }
}
