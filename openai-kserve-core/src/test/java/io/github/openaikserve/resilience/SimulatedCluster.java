package io.github.openaikserve.resilience;

import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Model servers at the addresses gpu-0, gpu-1 and so on, in simulated time. */
final class SimulatedCluster {
  final ManualScheduler time = new ManualScheduler();
  final RecordedEvents events = new RecordedEvents();
  private final List<String> addresses;
  private final Map<String, SimulatedServer> servers = new ConcurrentHashMap<>();

  SimulatedCluster(int servers) {
    this.addresses = IntStream.range(0, servers).mapToObj(SimulatedCluster::address).toList();
    addresses.forEach(address -> this.servers.put(address, new SimulatedServer()));
  }

  static String address(int number) {
    return "gpu-" + number;
  }

  /** The server at an address, which a new one replaces when its backend is connected again. */
  SimulatedServer server(int number) {
    return servers.computeIfAbsent(address(number), unseen -> new SimulatedServer());
  }

  List<SimulatedServer> servers() {
    return addresses.stream().map(servers::get).toList();
  }

  BalancedBackend.Builder builder() {
    return builder(EndpointSource.of(addresses.toArray(String[]::new)));
  }

  BalancedBackend.Builder builder(EndpointSource source) {
    BalancedBackend.Builder builder =
        BalancedBackend.builder(source, this::connect).listener(events).scheduler(time);
    builder.random = new Random(1)::nextDouble; // health checks come at the same times in every run
    return builder;
  }

  BalancedBackend backend() {
    return builder().build();
  }

  private SimulatedServer connect(Endpoint endpoint) {
    return servers.compute(
        endpoint.address(),
        (address, server) -> server == null || server.isClosed() ? new SimulatedServer() : server);
  }

  /** Makes a call and lets a time pass, again and again. */
  List<Probe> callEvery(BalancedBackend backend, Duration step, Duration duration) {
    List<Probe> calls = new ArrayList<>();
    for (Duration at = Duration.ZERO; at.compareTo(duration) < 0; at = at.plus(step)) {
      calls.add(Probe.call(backend));
      time.advance(step);
    }
    return calls;
  }

  static List<Probe> calls(BalancedBackend backend, int count) {
    return IntStream.range(0, count).mapToObj(i -> Probe.call(backend)).toList();
  }
}
