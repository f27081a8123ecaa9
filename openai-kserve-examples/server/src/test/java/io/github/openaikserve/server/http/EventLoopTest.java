package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wire;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that take long to parse do not run on a thread that serves other clients. */
final class EventLoopTest {
  private static final long LONGEST_MILLIS = 50;
  private static final int PROBES = 300;

  private final Queue<String> threads = new ConcurrentLinkedQueue<>();

  /** Records the thread that parses requests. */
  private final class Noting implements OpenAiHandler {
    private final OpenAiHandler handler;

    Noting(OpenAiHandler handler) {
      this.handler = handler;
    }

    @Override
    public CompletableFuture<ApiResponse> handle(ApiRequest request) {
      if (request.method().equals("POST")) {
        threads.add(Thread.currentThread().getName());
      }
      return handler.handle(request);
    }

    @Override
    public ApiResponse refuse(ApiRequest request, OpenAiException error) {
      return handler.refuse(request, error);
    }
  }

  private ReferenceServer start() throws Exception {
    OpenAiHandler handler =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .responseStore(MemoryResponseStore.builder().build())
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(
                            conversation -> {
                              threads.add(Thread.currentThread().getName());
                              return new ChatPrompt("prompt", List.of(), false);
                            }))
            .build()
            .httpHandler();
    return ReferenceServer.start(new Noting(handler), ServerOptions.defaults());
  }

  static Stream<Arguments> bodies() {
    return bodies(10_000_000);
  }

  /** The same bodies, a tenth as large, for tests that do not measure. */
  static Stream<Arguments> smallerBodies() {
    return bodies(1_000_000);
  }

  private static Stream<Arguments> bodies(int length) {
    String entries =
        IntStream.range(0, length / 14)
            .mapToObj(i -> "\"" + i + "\":1")
            .collect(Collectors.joining(",", "{", "}"));
    String text = "\"" + "x".repeat(length) + "\"";
    String texts = "[" + "\"x\",".repeat(2_000) + text.substring(0, length / 10 * 9) + "\"]";
    String tokens = "[" + "17,".repeat(length * 3 / 10) + "17]";
    String turn = "{\"role\":\"user\",\"content\":" + text + "}";
    return Stream.of(
        chat("a long text", ",\"user\":" + text),
        chat("a map of many entries", ",\"logit_bias\":" + entries),
        chat("empty lists", ",\"x\":[" + "[],".repeat(length / 3) + "[]]"),
        chat("a deep list", ",\"x\":" + "[".repeat(length / 10)),
        chat("empty objects", ",\"x\":[" + "{},".repeat(length * 3 / 10) + "{}]"),
        chat("128 tools", ",\"tools\":[" + tools() + "]"),
        body("a prompt of tokens", "/v1/completions", "{\"prompt\":" + tokens + "}"),
        body("a response", "/v1/responses", "{\"input\":[" + turn + "]}"),
        body("input tokens", "/v1/responses/input_tokens", "{\"input\":" + text + "}"),
        body("a conversation", "/v1/conversations", "{\"items\":[" + turn + "]}"),
        body("a message", "/v1/messages", "{\"max_tokens\":1,\"messages\":[" + turn + "]}"),
        body("a count", "/v1/messages/count_tokens", "{\"messages\":[" + turn + "]}"),
        body("embeddings of tokens", "/v1/embeddings", "{\"input\":" + tokens + "}"),
        body("embeddings of texts", "/v1/embeddings", "{\"input\":" + texts + "}"),
        body("documents", "/v1/rerank", "{\"query\":\"q\",\"documents\":" + texts + "}"),
        body("pairs", "/v1/score", "{\"text_1\":\"q\",\"text_2\":" + texts + "}"),
        body("texts to classify", "/v1/classify", "{\"input\":" + texts + "}"),
        body("texts to moderate", "/v1/moderations", "{\"input\":" + texts + "}"),
        body("a text to speak", "/v1/audio/speech", "{\"input\":" + text + "}"),
        body("a text to tokenize", "/tokenize", "{\"prompt\":" + text + "}"),
        body("tokens to write", "/detokenize", "{\"tokens\":" + tokens + "}"),
        body("a template", "/apply-template", "{\"messages\":[" + turn + "]}"));
  }

  private static Arguments chat(String what, String rest) {
    return body(
        what,
        "/v1/chat/completions",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + rest + "}");
  }

  private static Arguments body(String what, String path, String body) {
    return Arguments.of(what, post(path, body));
  }

  private static String tools() {
    return IntStream.range(0, 128)
        .mapToObj(
            i ->
                "{\"type\":\"function\",\"function\":{\"name\":\"f%d\",\"description\":\"%s\"}}"
                    .formatted(i, "d".repeat(400)))
        .collect(Collectors.joining(","));
  }

  private static String post(String path, String body) {
    return "POST %s HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n"
            .formatted(path, body.length())
        + body;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("smallerBodies")
  void aLargeBodyIsReadAndPreparedOnAnotherThread(String what, String request) throws Exception {
    try (ReferenceServer server = start();
        Wire wire = new Wire(server.port())) {
      wire.send(request).readUntil("HTTP/1.1 ");
    }
    assertThat(threads).isNotEmpty().allMatch(thread -> thread.contains("worker-"));
  }

  @ParameterizedTest
  @CsvSource({"/v1/responses, 2", "/v1/responses, 6000", "/v1/responses/input_tokens, 2"})
  void aStoredConversationIsReadOnAnotherThread(String path, int length) throws Exception {
    try (ReferenceServer server = start();
        Wire wire = new Wire(server.port())) {
      String created =
          wire.send(
                  post("/v1/conversations", "{\"items\":[{\"role\":\"user\",\"content\":\"a\"}]}"))
              .readUntil("\"conversation\"");
      Matcher id = Pattern.compile("conv_\\w+").matcher(created);
      assertThat(id.find()).isTrue();
      threads.clear();

      String body = "{\"input\":\"%s\",\"conversation\":\"%s\"}";
      wire.send(post(path, body.formatted("a".repeat(length), id.group())))
          .readUntil("HTTP/1.1 200");
    }
    assertThat(threads)
        .hasSizeGreaterThan(1)
        .allMatch(thread -> thread.startsWith("http-stored-worker-"));
  }

  @Test
  void connectionsAreSpreadOverAllEventLoops() throws Exception {
    Set<String> loops = ConcurrentHashMap.newKeySet();
    var script =
        new Script(
            request -> {
              loops.add(Thread.currentThread().getName());
              return CompletableFuture.completedFuture(Script.text(200, "ok"));
            });
    try (ReferenceServer server = ReferenceServer.start(script, ServerOptions.defaults(), 3)) {
      for (int i = 0; i < 6; i++) {
        try (Wire wire = new Wire(server.port())) {
          wire.send(Wire.post("a")).readUntil("ok");
        }
      }
    }

    assertThat(loops).hasSize(3).allMatch(name -> name.startsWith("vert.x-eventloop-thread-"));
  }

  @Test
  void largeBodiesDoNotDelayUsualOnes() throws Exception {
    var workers = new Workers(1);
    var never = new CompletableFuture<Void>();
    var done = new CompletableFuture<Void>();
    try (workers) {
      workers.of(10 << 20).execute(never::join);
      workers.of(10_000).execute(() -> done.complete(null));
      done.get(20, TimeUnit.SECONDS);
      never.complete(null);
    }
  }

  /**
   * The time that 99 of 100 requests of another client do not exceed, while two clients send a
   * large body again and again. The delay that two busy threads cause without the server does not
   * count.
   */
  @Tag("slow")
  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void otherClientsWaitForLessThanFiftyMilliseconds(String what, String request) throws Exception {
    try (ReferenceServer server = start();
        Wire wire = new Wire(server.port())) {
      probe(wire, 200); // warm up
      long alone = delayed(wire, stop -> compute(stop));
      long beside = Long.MAX_VALUE;
      // The best of three, to exclude delays of a busy machine; a blocked loop delays each of them.
      for (int i = 0; i < 3 && beside >= alone + LONGEST_MILLIS; i++) {
        beside = delayed(wire, stop -> send(server, request, stop));
      }

      assertThat(beside).isLessThan(alone + LONGEST_MILLIS);
    }
  }

  /** Returns the time that 99 of 100 requests do not exceed, while two threads do something. */
  private static long delayed(Wire wire, Consumer<CompletableFuture<Void>> busy)
      throws IOException {
    var stop = new CompletableFuture<Void>();
    List<CompletableFuture<Void>> others =
        Stream.generate(() -> CompletableFuture.runAsync(() -> busy.accept(stop)))
            .limit(2)
            .toList();
    probe(wire, 50);
    long[] millis = probe(wire, PROBES);
    stop.complete(null);
    others.forEach(CompletableFuture::join);
    return millis[PROBES * 99 / 100];
  }

  /** Occupies a core and the garbage collector, as parsing a body does. */
  private static void compute(CompletableFuture<Void> stop) {
    while (!stop.isDone()) {
      HashMap<String, Integer> parsed = new HashMap<>();
      for (int i = 0; i < 100_000; i++) {
        parsed.put("\"" + i, i);
      }
      assertThat(parsed).hasSize(100_000);
    }
  }

  /** Returns how long each of a number of requests took, in milliseconds, the shortest first. */
  private static long[] probe(Wire wire, int times) throws IOException {
    long[] millis = new long[times];
    for (int i = 0; i < times; i++) {
      long begun = System.nanoTime();
      wire.send("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").readUntil("ok\"}");
      millis[i] = (System.nanoTime() - begun) / 1_000_000;
    }
    Arrays.sort(millis);
    return millis;
  }

  private static void send(ReferenceServer server, String request, CompletableFuture<Void> stop) {
    while (!stop.isDone()) {
      try (Wire wire = new Wire(server.port())) {
        wire.send(request).readUntil("HTTP/1.1 ");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
