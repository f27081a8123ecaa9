package io.github.openaikserve.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.testing.EndlessService;
import io.github.openaikserve.server.testing.Http2Frames;
import io.github.openaikserve.server.testing.JavaProcess;
import io.github.openaikserve.server.testing.PacedService;
import io.github.openaikserve.server.testing.Wire;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole server as a process with a small heap. */
@Tag("slow")
final class SmallHeapTest {
  private static final int FLOOD = 200;
  private static final byte[] PIECE = new byte[64 << 10];
  private static final int PIECES = 160;
  private static final int LARGE = 10_000_000;
  private static final int LARGE_BODIES = 60;
  private static final int LARGE_PROMPT = 3_000_000;
  private static final int CHOICES = 128;
  private static final int ENDLESS = 3;
  private static final String BODY = "{\"stream\":true,\"max_tokens\":100,\"prompt\":\"p\"}";

  private final ScheduledExecutorService pacer = Executors.newScheduledThreadPool(1);
  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  private Server model;

  @SuppressWarnings("NullAway.Init")
  private Process process;

  @BeforeEach
  void startModel() throws IOException {
    model = serve(new PacedService(pacer));
  }

  private static Server serve(BindableService service) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(service)
        .maxInboundMessageSize(2 * LARGE)
        .directExecutor()
        .build()
        .start();
  }

  @AfterEach
  void stop() throws Exception {
    process.destroyForcibly().waitFor();
    model.shutdownNow().awaitTermination();
    pacer.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({"256m, 2000", "48m, 800"})
  void allStreamsAreCompleteInASmallHeap(String heap, int streams) throws Exception {
    int port = start(heap);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      answers.add(client.sendAsync(request(port).build(), HttpResponse.BodyHandlers.ofString()));
    }

    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      HttpResponse<String> whole = answer.get(120, TimeUnit.SECONDS);
      assertThat(whole.statusCode()).isEqualTo(200);
      assertThat(whole.body()).contains("token 19]").endsWith("data: [DONE]\n\n");
    }
    assertThat(errors()).doesNotContain("OutOfMemory", "out of memory");
  }

  @ParameterizedTest
  @CsvSource({"'content-length: 10485760'", "'transfer-encoding: chunked'"})
  void largeBodiesWithoutAKeyDoNotDelayClientsWithAKey(String length) throws Exception {
    int port = start("256m");
    ExecutorService threads = Executors.newFixedThreadPool(FLOOD);
    for (int i = 0; i < FLOOD; i++) {
      threads.execute(() -> flood(port, length));
    }

    for (int i = 0; i < 20; i++) {
      HttpResponse<String> answer =
          client.send(request(port).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.isAlive()).isTrue();
    assertThat(errors()).doesNotContain("OutOfMemory", "out of memory");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void largeBodiesAreServedOrRefusedAndDoNotDelayOtherClients(boolean announced) throws Exception {
    int port = start("256m");
    byte[] body = BODY.replace("\"p\"", "\"" + "p".repeat(LARGE) + "\"").getBytes(US_ASCII);
    List<CompletableFuture<HttpResponse<String>>> large = new ArrayList<>();
    for (int i = 0; i < LARGE_BODIES; i++) {
      HttpRequest.BodyPublisher whole = HttpRequest.BodyPublishers.ofByteArray(body);
      HttpRequest request =
          request(port)
              .POST(announced ? whole : HttpRequest.BodyPublishers.fromPublisher(whole))
              .build();
      large.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }

    for (int i = 0; i < 20; i++) {
      HttpResponse<String> small =
          client.send(request(port).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(small.statusCode()).isEqualTo(200);
    }
    int served = 0;
    for (CompletableFuture<HttpResponse<String>> answer : large) {
      HttpResponse<String> response = answer.get(120, TimeUnit.SECONDS);
      if (response.statusCode() == 200) {
        assertThat(response.body()).endsWith("data: [DONE]\n\n");
        served++;
      } else {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).contains("1");
      }
    }
    assertThat(served).isPositive();
    assertThat(process.isAlive()).isTrue();
    assertThat(errors()).doesNotContain("OutOfMemory", "out of memory");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void allChoicesOfALargePromptAreServed(boolean streamed) throws Exception {
    int port = start("256m");
    String body =
        "{\"n\":%d,\"stream\":%b,\"max_tokens\":100,\"prompt\":\"%s\"}"
            .formatted(CHOICES, streamed, "p".repeat(LARGE_PROMPT));

    HttpResponse<String> answer =
        client.send(
            request(port)
                .timeout(Duration.ofMinutes(2))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Pattern.compile("token 19]").matcher(answer.body()).results()).hasSize(CHOICES);
    assertThat(process.isAlive()).isTrue();
    assertThat(errors()).doesNotContain("OutOfMemory", "out of memory");
  }

  @Test
  void wholeAnswersThatNeverEndAreRefusedAtTheirLimit() throws Exception {
    model.shutdownNow().awaitTermination();
    model = serve(new EndlessService());
    int port = start("256m");
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < ENDLESS; i++) {
      HttpRequest request =
          request(port).POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"p\"}")).build();
      answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }

    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      HttpResponse<String> response = answer.get(120, TimeUnit.SECONDS);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(502);
      assertThat(response.body()).contains("\"code\":\"response_too_large\"");
    }
    assertThat(process.isAlive()).isTrue();
    assertThat(errors()).doesNotContain("OutOfMemory", "out of memory");
  }

  /** Requests without a key, whose clients send no more and read nothing. */
  static Stream<Arguments> unfinished() {
    Http2Frames pages = Http2Frames.connection();
    Http2Frames heads = Http2Frames.connection();
    for (int i = 0; i < 100; i++) {
      pages.get(2 * i + 1, "/");
      heads.post(2 * i + 1, "/v1/chat/completions", 14_000);
    }
    var head = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 10\r\n");
    for (int i = 0; i < 95; i++) {
      head.append("x-").append(i).append(": ").append("v".repeat(640)).append("\r\n");
    }
    return Stream.of(
        Arguments.of("pages", pages.bytes(), 80),
        Arguments.of("heads of streams", heads.bytes(), 80),
        Arguments.of("half heads", ascii(head.toString()), 4000),
        Arguments.of("whole heads", ascii(head + "\r\n"), 4000));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unfinished")
  void unfinishedRequestsWithoutAKeyDoNotFillTheHeap(String what, byte[] sent, int connections)
      throws Exception {
    int port = start("256m");
    List<Wire> clients = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        clients.add(new Wire(port).trySend(sent));
      }
      HttpResponse<String> answer =
          client.send(request(port).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    } finally {
      for (Wire wire : clients) {
        wire.close();
      }
    }
    assertThat(process.isAlive()).isTrue();
    assertThat(errors()).doesNotContain("OutOfMemory", "out of memory");
  }

  /** Sends ten megabytes in one chunk, whether or not the server reads them. */
  private static void flood(int port, String length) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String head =
          "POST /v1/completions HTTP/1.1\r\nhost: x\r\n"
              + length
              + "\r\n\r\n"
              + (length.contains("chunked") ? "a00000\r\n" : "");
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      for (int i = 0; i < PIECES; i++) {
        socket.getOutputStream().write(PIECE);
      }
    } catch (IOException e) {
      // The server has closed the connection, as it may.
    }
  }

  private static HttpRequest.Builder request(int port) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/completions"))
        .header("authorization", "Bearer k")
        .timeout(Duration.ofSeconds(60))
        .POST(HttpRequest.BodyPublishers.ofString(BODY));
  }

  private String errors() throws IOException {
    return Files.readString(directory.resolve("errors"));
  }

  private int start(String heap) throws IOException {
    File errors = directory.resolve("errors").toFile();
    process =
        JavaProcess.of(
                List.of("-Xmx" + heap),
                ServerCommand.class,
                "--port",
                "0",
                "--api-key",
                "k",
                "--endpoint",
                "127.0.0.1:" + model.getPort(),
                "--model-name",
                "m",
                "--dialect",
                "anyserve")
            .redirectError(errors)
            .start();
    return JavaProcess.port(process);
  }
}
