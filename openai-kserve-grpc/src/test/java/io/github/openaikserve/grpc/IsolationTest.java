package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Applications in one JVM, each with its own copy of the library, over the same grpc-java. */
final class IsolationTest {
  @AutoClose private final Resources resources = new Resources();

  @Test
  void noServerReceivesTheCredentialsOfAnotherApplication() throws Exception {
    var first = new Headers();
    var second = new Headers();
    try (var a = new LoadedApplication("a", start(first));
        var b = new LoadedApplication("b", start(second))) {
      assertThat(a.type()).isNotSameAs(b.type());
      for (int i = 0; i < 3; i++) {
        assertThat(a.call()).isEqualTo("hello");
        assertThat(b.call()).isEqualTo("hello");
        Fleet.await(first.moreHealthChecks());
        Fleet.await(second.moreHealthChecks());
      }
    }

    assertThat(first.received).isNotEmpty().containsOnly("Bearer secret-of-a a");
    assertThat(second.received).isNotEmpty().containsOnly("Bearer secret-of-b b");
  }

  /** Runs in a new process, because the first user of gRPC starts threads that never end. */
  @Test
  void aClosedApplicationIsUnloaded() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Unloading.class.getName(),
                start(new Headers()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
  }

  private String start(Headers headers) throws Exception {
    var service = ScriptedService.answering("hello");
    Server server = resources.start(() -> ServerInterceptors.intercept(service, headers));
    return Servers.target(server);
  }

  /** Records the credentials and headers that a server receives with each call. */
  private static final class Headers implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TENANT =
        Metadata.Key.of("x-tenant", Metadata.ASCII_STRING_MARSHALLER);

    final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger healthChecks = new AtomicInteger();

    BooleanSupplier moreHealthChecks() {
      int before = healthChecks.get();
      return () -> healthChecks.get() >= before + 2;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      received.add(headers.get(AUTHORIZATION) + " " + headers.get(TENANT));
      if (call.getMethodDescriptor().getFullMethodName().endsWith("/ServerReady")) {
        healthChecks.incrementAndGet();
      }
      return next.startCall(call, headers);
    }
  }
}
