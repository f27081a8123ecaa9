package io.github.openaikserve.grpc.internal.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.resilience.Endpoint;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.LogCapture;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DnsEndpointsTest implements EndpointSource.Listener {
  @RegisterExtension private final LogCapture log = new LogCapture(DnsEndpoints.class);

  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<List<Endpoint>> reported = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private String[] addresses = {"10.0.0.1", "10.0.0.2", "::1"};
  private int lookUps;

  private final DnsEndpoints source =
      new DnsEndpoints(HostAndPort.parse("gpu:8001"), scheduler, Runnable::run, this::lookUp);

  @Test
  void everyAddressIsAnEndpointWithTheNamesAuthority() {
    source.watch(this);

    assertThat(reported)
        .containsExactly(
            List.of(
                new Endpoint("10.0.0.1:8001", "gpu:8001"),
                new Endpoint("10.0.0.2:8001", "gpu:8001"),
                new Endpoint("[0:0:0:0:0:0:0:1]:8001", "gpu:8001")));
  }

  @Test
  void theNameIsLookedUpEveryThirtySeconds() {
    source.watch(this);
    for (int i = 2; i < 6; i++) {
      scheduler.advance(Duration.ofSeconds(29));
      assertThat(lookUps).isEqualTo(i - 1);
      scheduler.advance(Duration.ofSeconds(1));
      assertThat(lookUps).isEqualTo(i);
    }
  }

  @Test
  void refreshLooksTheNameUpAtMostOnceASecond() {
    EndpointSource.Watch watch = source.watch(this);

    for (int i = 0; i < 100; i++) {
      watch.refresh();
      scheduler.advance(Duration.ofMillis(100));
    }

    assertThat(lookUps).isBetween(10, 11);
  }

  @Test
  void theLastAddressesAreUsedWhileANameCannotBeResolved() {
    source.watch(this);
    addresses = new String[0];
    scheduler.advance(Duration.ofSeconds(30));

    assertThat(reported).hasSize(1);
    assertThat(failures).containsExactly("host name gpu cannot be resolved");
    scheduler.advance(Duration.ofSeconds(2));
    assertThat(lookUps).as("a failure is followed by another look").isEqualTo(3);
  }

  @Test
  void aNameThatCannotBeResolvedIsLoggedOnceUntilItIsResolved() {
    String line =
        "endpoints not updated target=dns:///gpu:8001 reason=\"host name gpu cannot be resolved\"";
    addresses = new String[0];
    source.watch(this);
    scheduler.advance(Duration.ofMinutes(2));
    assertThat(log.messages()).containsExactly(line);

    addresses = new String[] {"10.0.0.1"};
    scheduler.advance(Duration.ofMinutes(2));
    addresses = new String[0];
    scheduler.advance(Duration.ofMinutes(2));

    assertThat(log.messages()).containsExactly(line, line);
  }

  @Test
  void nothingIsLookedUpAfterTheWatchWasClosed() {
    EndpointSource.Watch watch = source.watch(this);

    watch.close();
    watch.refresh();
    scheduler.advance(Duration.ofMinutes(5));

    assertThat(lookUps).isEqualTo(1);
    assertThat(scheduler.waiting()).isZero();
  }

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    lookUps++;
    if (addresses.length == 0) {
      throw new UnknownHostException(host);
    }
    var found = new InetAddress[addresses.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = InetAddress.getByName(addresses[i]); // literals
    }
    return found;
  }

  @Override
  public void onEndpoints(List<Endpoint> endpoints) {
    reported.add(endpoints);
  }

  @Override
  public void onFailure(String reason) {
    failures.add(reason);
  }
}
