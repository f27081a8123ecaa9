package io.github.openaikserve.examples;

import com.sun.net.httpserver.HttpServer;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.llamacpp.LlamaCppWorker;
import io.github.openaikserve.testing.FakeBackend;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs a program of this module by its name, over an embedded llama.cpp worker. */
public final class RunProgram {
  /** A program that uses a worker and prints its output. */
  @FunctionalInterface
  interface Program {
    void run(LlamaCppWorker worker, PrintStream out) throws Exception;
  }

  /** A program that uses the service over a worker. */
  @FunctionalInterface
  private interface Use {
    void of(OpenAiKServe openai) throws Exception;
  }

  static final Map<String, Program> PROGRAMS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("ChatExample", (worker, out) -> ChatExample.run(target(worker), out)),
              Map.entry("ToolsExample", RunProgram::tools),
              Map.entry("AsyncExample", RunProgram::async),
              Map.entry("JdkServerExample", RunProgram::jdkServer),
              Map.entry("ServletExample", RunProgram::servlet),
              Map.entry("VertxServerExample", RunProgram::vertx),
              Map.entry("InProcessExample", RunProgram::inProcess),
              Map.entry("LangChain4jExample", RunProgram::langChain4j),
              Map.entry("CustomDialectExample", (worker, out) -> customDialect(out)),
              Map.entry("EndpointsExample", (worker, out) -> endpoints(out)),
              Map.entry("DiscoveryExample", RunProgram::discovery),
              Map.entry("RecordingExample", RunProgram::recording)));

  private RunProgram() {}

  /** Runs the program that the argument names. */
  public static void main(String[] args) throws Exception {
    @Nullable Program program = args.length == 1 ? PROGRAMS.get(args[0]) : null;
    if (program == null) {
      System.err.println("expected the name of a program as argument, one of " + PROGRAMS.keySet());
      System.exit(2);
      return;
    }
    int status = 0;
    try (LlamaCppWorker worker = LlamaCppWorker.builder().start()) {
      program.run(worker, System.out);
    } catch (Throwable e) {
      e.printStackTrace(System.err);
      status = 1;
    }
    System.exit(status); // llama.cpp leaves a native thread behind that keeps the process alive
  }

  private static String target(LlamaCppWorker worker) {
    return "127.0.0.1:" + worker.port();
  }

  private static void use(LlamaCppWorker worker, Use use) throws Exception {
    try (var backend = GrpcBackend.connect(target(worker))) {
      var template = ChatTemplates.fromGguf(worker.gguf());
      use.of(
          OpenAiKServe.builder(backend)
              .model("llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(template))
              .build());
    }
  }

  private static void tools(LlamaCppWorker worker, PrintStream out) throws Exception {
    use(
        worker,
        openai ->
            out.println(
                ToolsExample.ask(
                    openai,
                    "What is the weather in Paris?",
                    arguments -> {
                      out.println("get_weather(" + arguments + ")");
                      return "{\"temperature\": 18, \"condition\": \"sunny\"}";
                    })));
  }

  private static void async(LlamaCppWorker worker, PrintStream out) throws Exception {
    use(
        worker,
        openai -> {
          out.println(AsyncExample.text(openai, "Once upon a time").join());
          AsyncExample.print(openai, "Once upon a time", out).join();
          out.println();
        });
  }

  private static void jdkServer(LlamaCppWorker worker, PrintStream out) throws Exception {
    use(
        worker,
        openai -> {
          HttpServer server = JdkServerExample.start(openai.httpHandler(), 0);
          try {
            get(server.getAddress().getPort(), out);
          } finally {
            server.stop(0);
          }
        });
  }

  private static void servlet(LlamaCppWorker worker, PrintStream out) throws Exception {
    use(
        worker,
        openai -> {
          var server = ServletExample.start(openai.httpHandler(), 0);
          try {
            get(server.getURI().getPort(), out);
          } finally {
            server.stop();
          }
        });
  }

  private static void vertx(LlamaCppWorker worker, PrintStream out) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      use(
          worker,
          openai -> {
            var server =
                VertxServerExample.start(vertx, openai.httpHandler(), 0)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            get(server.actualPort(), out);
          });
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static void inProcess(LlamaCppWorker worker, PrintStream out) throws Exception {
    use(
        worker,
        openai -> {
          out.println(InProcessExample.jdkClient(openai.httpHandler()));
          out.println(
              InProcessExample.openAiJava(openai.httpHandler(), "What is the capital of France?"));
        });
  }

  private static void langChain4j(LlamaCppWorker worker, PrintStream out) throws Exception {
    use(
        worker,
        openai ->
            out.println(
                LangChain4jExample.assistant(openai).answer("What is the weather in Paris?")));
  }

  private static void customDialect(PrintStream out) {
    var backend =
        FakeBackend.responses(
            InferResponse.of(Tensor.text("completion", "Hello"), Tensor.text("stop_reason", "")),
            InferResponse.of(Tensor.text("completion", "!"), Tensor.text("stop_reason", "stop")));
    var completion =
        CustomDialectExample.openai(backend).completions().create(r -> r.prompt("Hi").maxTokens(8));
    backend.onlyRequest().inputs().forEach(input -> out.println("sent: " + input));
    out.println("text: " + completion.text());
  }

  private static void endpoints(PrintStream out) {
    try (var backend = EndpointsExample.several()) {
      out.println("ready: " + backend.ready().toCompletableFuture().join());
      backend.endpoints().forEach(out::println);
    }
  }

  private static void discovery(LlamaCppWorker worker, PrintStream out) throws Exception {
    HttpServer registry =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          byte[] json =
              """
              {"replicas": [{"replica_id": "r1", "endpoint": "%s",
                "capabilities": [{"type": "generate", "model": "llamacpp"}]}]}"""
                  .formatted("127.0.0.1:" + (worker.port() - 100)) // of the dispatcher
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, json.length);
          exchange.getResponseBody().write(json);
          exchange.close();
        });
    registry.start();
    try {
      out.println(DiscoveryExample.ask("127.0.0.1:" + registry.getAddress().getPort()));
    } finally {
      registry.stop(0);
    }
  }

  private static void recording(LlamaCppWorker worker, PrintStream out) throws IOException {
    Path file = Files.createTempDirectory("recording").resolve("story.jsonl");
    out.println("recorded: " + RecordingExample.record(target(worker), file));
    out.println("replayed: " + RecordingExample.replay(file));
    out.println("first event: " + Files.readAllLines(file).get(0));
  }

  private static void get(int port, PrintStream out) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/v1/models");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    out.println("GET " + uri);
    out.println(response.statusCode() + " " + response.body());
  }
}
