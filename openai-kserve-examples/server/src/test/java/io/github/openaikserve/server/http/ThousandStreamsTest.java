package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.resilience.HealthCheckPolicy;
import io.github.openaikserve.server.testing.PacedService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A thousand concurrent clients of a backend that sends each a token now and then. */
final class ThousandStreamsTest {
  private static final int STREAMS = 1000;

  /** A busy machine may answer a health check late, which does not concern the streams. */
  private static final HealthCheckPolicy PATIENT =
      HealthCheckPolicy.builder().timeout(Duration.ofSeconds(60)).build();

  @Test
  void everyStreamIsCompleteAndInOrder() throws Exception {
    ScheduledExecutorService pacer = Executors.newScheduledThreadPool(1);
    Server paced =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new PacedService(pacer))
            .directExecutor()
            .build()
            .start();
    try (var backend =
            GrpcBackend.builder()
                .target("127.0.0.1:" + paced.getPort())
                .balanced()
                .healthCheck(PATIENT)
                .build();
        var server =
            ReferenceServer.start(
                OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler(),
                ServerOptions.defaults())) {
      HttpClient client = HttpClient.newHttpClient();
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        answers.add(
            client.sendAsync(request(server.port(), i), HttpResponse.BodyHandlers.ofString()));
      }

      for (int i = 0; i < STREAMS; i++) {
        HttpResponse<String> answer = answers.get(i).get(120, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(text(answer.body())).isEqualTo(expected("client " + i));
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
      }
    } finally {
      paced.shutdownNow().awaitTermination();
      pacer.shutdownNow();
    }
  }

  private static HttpRequest request(int port, int client) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/completions"))
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"stream\":true,\"max_tokens\":100,\"prompt\":\"client " + client + "\"}"))
        .build();
  }

  private static String expected(String prompt) {
    return IntStream.range(0, PacedService.TOKENS)
        .mapToObj(i -> "[" + prompt + " token " + i + "]")
        .collect(Collectors.joining());
  }

  private static String text(String events) {
    return events
        .lines()
        .filter(line -> line.contains("\"text\":\""))
        .map(line -> line.replaceFirst(".*\"text\":\"([^\"]*)\".*", "$1"))
        .collect(Collectors.joining());
  }
}
