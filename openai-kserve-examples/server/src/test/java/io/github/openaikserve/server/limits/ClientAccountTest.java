package io.github.openaikserve.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ClientAccountTest {
  private static final int THREADS = 8;

  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void concurrentRequestsNeverExceedALimit() throws Exception {
    for (int round = 0; round < 50; round++) {
      var account = new ClientAccount("c" + round, registry);
      var limits = new ClientLimits(100, 1000, 40, List.of());
      var admitted = new AtomicInteger();
      atTheSameTime(
          thread -> {
            for (int i = 0; i < 50; i++) {
              if (account.admit(limits, 20, 0).refusal() == null) {
                admitted.incrementAndGet();
              }
            }
          });
      assertThat(admitted).hasValue(40);
      assertThat(account.inFlight()).isEqualTo(40);
      assertThat(account.decide(new ClientLimits(100, 1000, null, List.of()), 200, 0).refusal())
          .isNull(); // 1000 less 40 times 20 is 200: a refused request has taken nothing
    }
  }

  @Test
  void aRefusedRequestUsesNoLimit() {
    var account = new ClientAccount("c", registry);
    var limits = new ClientLimits(10, 100, null, List.of());

    assertThat(account.admit(limits, 101, 0).exceeded()).isEqualTo(Limit.TOKENS);
    Admission next = account.admit(limits, 100, 0);
    assertThat(next.refusal()).isNull();
    assertThat(next.state().headers())
        .containsEntry("x-ratelimit-remaining-requests", "9")
        .containsEntry("x-ratelimit-remaining-tokens", "0");
  }

  @Test
  void aChangedLimitAppliesToTheNextRequest() {
    var account = new ClientAccount("c", registry);
    var one = new ClientLimits(1, null, null, List.of());
    assertThat(account.admit(one, 0, 0).refusal()).isNull();
    assertThat(account.admit(one, 0, 0).exceeded()).isEqualTo(Limit.REQUESTS);

    assertThat(account.admit(ClientLimits.NONE, 0, 0).refusal()).isNull();
    assertThat(account.admit(new ClientLimits(2, null, null, List.of()), 0, 0).refusal()).isNull();
  }

  @Test
  void theLeastRecentlyUsedIdleClientIsRemovedFirst() {
    var accounts = new ClientAccounts(2, registry);
    accounts.of("busy").admit(ClientLimits.NONE, 0, 0);
    ClientAccount idle = accounts.of("idle");
    accounts.of("third");

    assertThat(accounts.usage()).extracting(ClientUsage::name).containsExactly("busy", "third");
    assertThat(accounts.of("idle")).isNotSameAs(idle);
    assertThat(registry.find("openai_kserve.client.requests").counters())
        .extracting(counter -> counter.getId().getTag("client"))
        .containsExactlyInAnyOrder("busy", "idle");
  }

  @Test
  void theNumberOfTenantsIsBounded() throws Exception {
    var accounts = new ClientAccounts(50, registry);
    var names = new AtomicInteger();
    atTheSameTime(
        thread -> {
          for (int i = 0; i < 500; i++) {
            ClientAccount account = accounts.of("t" + names.incrementAndGet());
            account.admit(ClientLimits.NONE, 1, 0);
            account.end();
          }
        });

    assertThat(accounts.usage()).hasSizeLessThanOrEqualTo(50 + THREADS);
    assertThat(registry.find("openai_kserve.client.in_flight").gauges())
        .hasSizeLessThanOrEqualTo(50 + THREADS);
  }

  private static void atTheSameTime(Threads.Task task) throws Exception {
    try (var threads = new Threads(THREADS)) {
      threads.run(task);
    }
  }
}
