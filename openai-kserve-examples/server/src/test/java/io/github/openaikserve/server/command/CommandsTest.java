package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.grpc.servers.AnyServeServer;
import io.github.openaikserve.grpc.servers.PlainModel;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.grpc.servers.VllmModel;
import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.options.Value;
import io.github.openaikserve.server.testing.JavaProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** All commands except {@code serve}. */
final class CommandsTest {
  private final StringWriter out = new StringWriter();
  private final CompletableFuture<String> firstError = new CompletableFuture<>();
  private final StringWriter err =
      new StringWriter() {
        @Override
        public void flush() {
          firstError.complete(toString());
        }
      };

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  private int run(String... arguments) {
    CommandLine command = ServerCommand.commandLine(Map.of("TOKEN", "secret-of-the-environment"));
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--schema"})
  void configFailsIfItsOutputIsLost(String options) {
    var full =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) throws IOException {
            throw new IOException("no space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    CommandLine command = ServerCommand.commandLine(Map.of()).setOut(new PrintWriter(full));

    assertThat(command.execute(("config " + options).strip().split(" "))).isEqualTo(1);
  }

  @Test
  void configPrintsEachValueWithItsSourceAndNoSecret() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("server.yaml"),
            """
            server: {port: 9000, write_timeout: 5m, tls: {certificates: server.yaml, key: server.yaml}}
            api_keys: [secret-one, "${TOKEN}"]
            backends:
              - {name: "1", target: "${HOST:-b:1}", metadata: {authorization: "Bearer ${TOKEN}"}, limit: false}
            models:
              - id: "true"
                dialect:
                  inputs: [{tensor: a, datatype: BYTES, field: prompt}]
                  outputs: [{tensor: "a b", field: text}]
                  running_finish_reasons: ["", "null"]
                defaults: {stop: [a, "b\\"c"], temperature: 0.5}
              - {id: n, chat_template: chatml}
            """);

    assertThat(run("config", "--config", file.toString(), "--port", "1")).isZero();

    assertThat(out.toString())
        .contains("  port: 1  # --port\n")
        .contains("  write_timeout: 5m  # " + file + ":1:37\n")
        .contains("  host: 127.0.0.1  # default\n")
        .contains("api_keys: ['***', '***']  # " + file + ":2:11\n")
        .contains("    target: b:1  # ")
        .contains("    metadata: {authorization: '***'}  # ")
        .doesNotContain("secret");
    assertThat(Configuration.parse(file, out.toString(), Map.of()).values().models())
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Value.class)
        .ignoringFields("dialect")
        .isEqualTo(
            Configuration.parse(file, Files.readString(file), Map.of("TOKEN", "x"))
                .values()
                .models());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "--endpoint=a:1", "--anyserve-endpoint=a:1", "--endpoint=a:1 --model=m"})
  void configPrintsWhatFlagsDescribe(String flags) {
    assertThat(run(("config " + flags).strip().split(" "))).isZero();

    String printed = out.toString();
    assertThat(printed).contains("backends:\n  - name: backend");
    assertThat(Configuration.parse(directory, printed, Map.of()).effective().lines())
        .as("the printed configuration is the same configuration")
        .hasSameSizeAs(printed.lines().toList());
  }

  @Test
  void configPrintsNumbersAsNumbersAndTextsAsTexts() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("server.yaml"),
            """
            backends: [{name: b, target: "b:1"}]
            models:
              - id: m
                defaults: {presence_penalty: -0.5, seed: -7, temperature: 1e-1, top_k: 5}
                constants:
                  - {tensor: t, json: {a: -5, b: "-5", c: -1.5, d: "-1.5", e: 1E+2, f: true, g: "true"}}
            """);

    assertThat(run("config", "--config", file.toString())).isZero();

    ModelConfig written = onlyModel(file, Files.readString(file));
    ModelConfig printed = onlyModel(file, out.toString());
    assertThat(printed.defaults()).isEqualTo(written.defaults());
    assertThat(printed.constants().get(0).json()).isEqualTo(written.constants().get(0).json());
  }

  private static ModelConfig onlyModel(Path file, String yaml) {
    return Configuration.parse(file, yaml, Map.of()).values().models().get(0);
  }

  @Test
  void configPrintsTheSchema() throws IOException {
    assertThat(run("config", "--schema")).isZero();

    assertThat(out.toString()).isEqualTo(Files.readString(Path.of("config.schema.json")));
  }

  @Test
  void checkPrintsTheDialectOfEachModelAndItsReason() throws Exception {
    try (TritonServer triton = TritonServer.start(PlainModel.python())) {
      int status = run("check", "--endpoint", triton.target(), "--chat-template", "llama3");

      assertThat(status).isZero();
      assertThat(out.toString().lines())
          .hasSizeGreaterThanOrEqualTo(3)
          .first()
          .isEqualTo("model 'llama-cpp': fits");
      assertThat(out.toString())
          .contains(
              "  dialect: generic (It is 'generic' by its inputs ",
              "  streaming: ",
              "chat template: llama3, tool calls: ");
    }
  }

  @Test
  void checkPrintsJson() throws Exception {
    try (TritonServer triton = TritonServer.start(PlainModel.python(), PlainModel.pictures())) {
      int status = run("check", "--json", "--endpoint", triton.target());

      assertThat(status).isEqualTo(1);
      JsonNode report = new ObjectMapper().readTree(out.toString());
      assertThat(report.get("ok").booleanValue()).isFalse();
      JsonNode good = report.get("models").get(0);
      assertThat(good.get("model").textValue()).isEqualTo("llama-cpp");
      assertThat(good.get("ok").booleanValue()).isTrue();
      assertThat(good.get("streaming").isBoolean()).isTrue();
      assertThat(good.get("reason").textValue()).isNotEmpty();
      assertThat(report.toString()).contains("resnet", "data FP32");
    }
  }

  @Test
  void checkPrintsItsProgress() throws Exception {
    CompletableFuture<Integer> status;
    try (var silent = new ServerSocket(0)) {
      String target = "127.0.0.1:" + silent.getLocalPort();
      status = CompletableFuture.supplyAsync(() -> run("check", "--endpoint", target));

      assertThat(firstError.get(20, TimeUnit.SECONDS))
          .startsWith("waiting for 1 model server, 1 s so far");
    }
    assertThat(status.get(20, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void chatJoinsTheWordsOfAPrompt() {
    CommandLine command = ServerCommand.commandLine();

    assertThat(prompt(command, "chat", "a", "b c", "--endpoint", "a:1", "d")).isEqualTo("a b c d");
    assertThat(prompt(command, "chat", "--endpoint", "a:1")).isEmpty();
  }

  private static String prompt(CommandLine command, String... arguments) {
    return ChatCommand.prompt(command.parseArgs(arguments).subcommand());
  }

  @ParameterizedTest
  @CsvSource({"chekc, check", "confg, config", "serv, serve", "--prot, --port"})
  void misspeltCommandsAndOptionsAreSuggested(String found, String meant) {
    assertThat(run(found)).isEqualTo(2);
    assertThat(err.toString()).contains("did you mean '" + meant + "'?");
  }

  @Test
  void outputIsUtf8InEveryLocale() throws Exception {
    Path file = directory.resolve("server.yaml");
    Files.writeString(
        file, "backends: [{name: b, target: 'b:1'}]\nmodels: [{id: modèle, dialect: anyserve}]\n");
    ProcessBuilder builder =
        JavaProcess.of(List.of(), ServerCommand.class, "config", "--config", file.toString());
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("modèle");
  }

  @Test
  void chatPrintsTheAnswer() throws Exception {
    try (AnyServeServer model = AnyServeServer.start()) {
      assertThat(run("chat", "Hello", "--anyserve-endpoint", model.workerTarget())).isZero();

      assertThat(out.toString()).startsWith("Once").endsWith(System.lineSeparator());
    }
  }

  @Test
  void chatAsksAModelOfAFileAndContinuesTheConversation() throws Exception {
    try (AnyServeServer model = AnyServeServer.start()) {
      Path file =
          Files.writeString(
              directory.resolve("server.yaml"),
              """
              backends: [{name: b, target: "TARGET"}, {name: gone, target: "127.0.0.1:1"}]
              models: [{id: one, backend: gone, dialect: anyserve}, {id: two, backend: b, dialect: anyserve}]
              """
                  .replace("TARGET", model.workerTarget()));

      InputStream before = System.in;
      System.setIn(new ByteArrayInputStream("Hello\n\nGo on\n".getBytes(StandardCharsets.UTF_8)));
      try {
        assertThat(run("chat", "--config", file.toString(), "--model", "two")).isZero();
      } finally {
        System.setIn(before);
      }

      assertThat(out.toString().lines().filter(line -> line.startsWith("Once"))).hasSize(2);
      assertThat(run("chat", "Hello", "--config", file.toString())).isEqualTo(1);
      assertThat(err.toString()).startsWith("error: ");
    }
  }

  @Test
  void chatNeedsAModelWhereSeveralAreDiscovered() throws Exception {
    try (TritonServer triton = TritonServer.start(PlainModel.python(), VllmModel.newest("other"))) {
      assertThat(run("chat", "Hello", "--endpoint", triton.target())).isEqualTo(1);

      assertThat(err.toString()).contains("choose one with --model: llama-cpp, other");
    }
  }

  @Test
  void serveCanBeNamedAsACommand() {
    assertThat(run("serve", "--endpoint", "a")).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: --endpoint: missing port in 'a'");
    assertThat(run("sevre")).isEqualTo(2);
  }
}
