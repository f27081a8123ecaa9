package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.StreamSource;
import io.github.openaikserve.server.testing.Wait;
import io.github.openaikserve.server.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that disconnect, and clients that stop reading. */
final class ReadersTest extends ServerTest {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration PATIENT = Duration.ofMillis(1500);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int SMALL = 4 << 10;
  private static final String LARGE_EVENT = "data: " + "x".repeat(60 << 10) + "\n\n";

  private volatile StreamSource current = new StreamSource();

  @Test
  void aStoppedReaderUsesBoundedMemoryAndIsDisconnected() throws Exception {
    var source = new StreamSource();
    start(source.asScript(), SHORT);

    try (Wire wire = new Wire(server.port(), SMALL)) {
      wire.send(Wire.post("a"));
      long sent = flood(source);

      // The buffers of the writer and of two sockets; by default, a kernel buffers 4 MiB.
      assertThat(sent * LARGE_EVENT.length()).isLessThan(2 << 20);
      assertThat(source.cancelled.get(20, TimeUnit.SECONDS)).isPositive();
      assertThat(wire.readAllOrReset()).isLessThan((int) sent * LARGE_EVENT.length());
    }
  }

  @Test
  void aReaderThatStopsBeforeTheLastByteIsDisconnected() throws Exception {
    byte[] large = new byte[16 << 20];
    start(
        new Script(
            request ->
                CompletableFuture.completedFuture(
                    new ApiResponse(200, Map.of(), ApiBody.of(large)))),
        SHORT);

    try (Wire wire = new Wire(server.port(), SMALL)) {
      wire.send(Wire.post("a")).readUntil("\r\n\r\n");

      long begun = System.nanoTime();
      server.close(); // waits for the response, at most for the grace period of ten seconds
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(9));
      assertThat(wire.readAllOrReset()).isLessThan(large.length);
    }
  }

  @Test
  void aSlowReaderIsNotDisconnected() throws Exception {
    byte[] large = new byte[8 << 20];
    start(
        new Script(
            request ->
                CompletableFuture.completedFuture(
                    new ApiResponse(200, Map.of(), ApiBody.of(large)))),
        PATIENT);

    try (Wire wire = new Wire(server.port(), SMALL)) {
      wire.send(Wire.post("a")).readUntil("\r\n\r\n");
      // Takes twice the limit, without a long pause.
      int read = wire.readSlowly(large.length, PATIENT.multipliedBy(2));

      assertThat(read).isEqualTo(large.length);
    }
  }

  @Test
  void aClientThatDisconnectsEndsTheCallWithinATenthOfASecond() throws Exception {
    long best = Long.MAX_VALUE;
    start(new Script(request -> CompletableFuture.completedFuture(current.response())), LONG);
    for (int i = 0; i < 10; i++) {
      current = new StreamSource();
      Wire wire = connect();
      wire.send(Wire.post("a"));
      current.send("data: one\n\n");
      wire.readUntil("one");

      long left = System.nanoTime();
      wire.close();
      best = Math.min(best, current.cancelled.get(20, TimeUnit.SECONDS) - left);
    }

    // The best of ten, to exclude delays of a busy machine.
    assertThat(TimeUnit.NANOSECONDS.toMillis(best)).isLessThan(100);
  }

  @Test
  void anIdleConnectionIsClosedWhenTooManyAreOpen() throws Exception {
    server =
        ReferenceServer.start(Script.echo(), ServerOptions.builder().maxConnections(1).build());

    try (Wire first = connect()) {
      first.send(Wire.post("a")).readUntil("POST /x a");
      String answer;
      do { // the first request ends shortly after its response is read
        try (Wire next = connect()) {
          answer = next.trySend(Wire.post("c"));
        }
      } while (!answer.endsWith("POST /x c"));

      assertThat(first.readAll()).isEmpty();
    }
  }

  @Test
  void aNewConnectionIsClosedIfAllOthersHaveARequest() throws Exception {
    var stream = new StreamSource();
    server =
        ReferenceServer.start(stream.asScript(), ServerOptions.builder().maxConnections(1).build());

    try (Wire busy = connect()) {
      busy.send(Wire.post("a"));
      stream.subscriber.get(20, TimeUnit.SECONDS);
      try (Wire late = connect()) {
        assertThat(late.readAll()).isEmpty();
      }
      stream.send("data: one\n\n");
      busy.readUntil("one");
    }
  }

  /** Sends as much as is requested. */
  private static long flood(StreamSource source) throws Exception {
    source.subscriber.get(20, TimeUnit.SECONDS);
    long sent = 0;
    while (!source.cancelled.isDone()) {
      if (sent < source.demand.get()) {
        source.send(LARGE_EVENT);
        sent++;
      } else {
        Wait.pause();
      }
    }
    return sent;
  }

  private void start(Script script, Duration writeTimeout) throws IOException {
    server =
        ReferenceServer.start(script, ServerOptions.builder().writeTimeout(writeTimeout).build());
  }
}
