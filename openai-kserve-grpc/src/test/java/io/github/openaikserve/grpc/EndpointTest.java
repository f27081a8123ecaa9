package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EndpointTest {
  private static final EndpointHealth QUICK =
      EndpointHealth.DEFAULT.withPauses(Duration.ofMillis(1), Duration.ofMillis(1));

  @Test
  void aTrialOfWhichNothingIsHeardIsFollowedByAnother() {
    var endpoint = new Endpoint("worker", QUICK);
    for (int i = 0; i < QUICK.failures(); i++) {
      endpoint.judged(Endpoint.Outcome.BADLY, false);
    }
    assertThat(endpoint.isWelcome()).isFalse();

    Fleet.await(endpoint::claimTrial);
    Fleet.await(endpoint::claimTrial);

    endpoint.answered(true);
    assertThat(endpoint.isWelcome()).isTrue();
  }
}
