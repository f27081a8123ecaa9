package io.github.openaikserve.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.servers.PlainModel;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.llamacpp.LlamaCppWorker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class ServerCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port 70000                                            | --port: must be from 0 to 65535",
        "--port many                                             | --port",
        "--anyserve-endpoint nowhere                             | expected HOST:PORT",
        "--anyserve-endpoint a:1 --anyserve-stream-endpoint b    | expected HOST:PORT",
        "--anyserve-stream-endpoint a:1                          | requires --anyserve-endpoint",
        "--anyserve-endpoint a:1 --gguf x.gguf                   | cannot be combined with",
        "--gguf no-such-file.gguf                                | cannot read",
        "--chat-template /nowhere/chat.jinja                     | cannot read /nowhere/chat.jinja",
        "--chat-template /nowhere/tokenizer_config.json          | cannot read",
        "--chat-template nonsense                                | chatml, command-r",
        "--timeout 0                                             | --timeout: must be more than 0",
        "--anyserve-endpoint a:70000                             | expected a port from 1 to 65535",
        "--anyserve-endpoint a:0                                 | expected a port from 1 to 65535",
        "--gguf .                                                | cannot read",
        "--max-body 3000000000                                   | --max-body: must be from 1",
        "--gguf pom.xml                                          | --gguf: pom.xml is not a GGUF file",
        "--api-key=                                              | must not be empty",
        "--model-name=                                           | must not be empty",
        "--endpoint a:1 --dialect nonsense                       | --dialect: expected one of"
            + " anyserve, auto",
        "--endpoint a:1 --gguf x.gguf                            | cannot be combined with",
        "--dialect triton-vllm                                   | cannot be combined with",
        "--config pom.xml --endpoint a:1                         | --endpoint: cannot be combined"
            + " with --config",
        "--config nowhere.yaml                                   | --config: cannot read"
            + " nowhere.yaml: no such file",
        "--nonsense                                              | Unknown option",
      })
  void wrongUseIsOneClearLine(String arguments, String words) {
    int status = run(arguments.strip().split(" +"));

    assertThat(status).isEqualTo(2);
    assertThat(err.toString().lines()).singleElement().asString().contains(words);
  }

  @Test
  void aGgufFileThatCannotBeLoadedIsNamed(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("broken.gguf"), "GGUF and no more");

    int status = run("--port", "0", "--gguf", file.toString());

    assertThat(status).isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("error: cannot load the model " + file + ": ");
  }

  @Test
  void helpNamesEveryFlag() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains(
            "--config",
            "check",
            "config",
            "--endpoint",
            "--dialect",
            "--host",
            "--port",
            "--anyserve-endpoint",
            "--anyserve-stream-endpoint",
            "--gguf",
            "--model-name",
            "--chat-template",
            "--api-key",
            "--max-body",
            "--timeout",
            "--grace-period");
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("openai-kserve-server ");
  }

  @Test
  void checkComparesModelsWithTheirServersAndExits() throws Exception {
    try (TritonServer triton = TritonServer.start(PlainModel.python(), PlainModel.pictures())) {
      int good = run("check", "--endpoint", triton.target(), "--model", "llama-cpp");
      String printed = out.toString();
      int bad = run("check", "--endpoint", triton.target());

      assertThat(good).isZero();
      assertThat(printed).contains("model 'llama-cpp': fits");
      assertThat(bad).isEqualTo(1);
      assertThat(out.toString()).contains("model 'resnet': unknown: ", "data FP32");
    }
  }

  @Test
  void aCheckSaysThatAServerCannotBeAsked() {
    int status = run("check", "--endpoint", "127.0.0.1:1", "--dialect", "triton-vllm");

    assertThat(status).isEqualTo(1);
    assertThat(out.toString()).contains("model 'llamacpp': unreachable: ");
  }

  @Test
  void servesARunningAnyServe() throws Exception {
    try (LlamaCppWorker anyServe = LlamaCppWorker.builder().start()) {
      var address = new CompletableFuture<URI>();
      CommandLine command = ServerCommand.commandLine();
      command.setOut(new PrintWriter(new AddressFinder(address), true));
      command.setErr(new PrintWriter(err, true));
      var running =
          new Thread(
              () ->
                  command.execute(
                      "--port",
                      "0",
                      "--anyserve-endpoint",
                      "127.0.0.1:" + anyServe.port(),
                      "--model-name",
                      "mine",
                      "--chat-template",
                      "chatml",
                      "--api-key",
                      "secret"));
      running.start();
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          address.get(30, TimeUnit.SECONDS).resolve("/v1/chat/completions"))
                      .header("Authorization", "Bearer secret")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"temperature\":0,\"messages\":[{\"role\":\"user\","
                                  + "\"content\":\"What is the capital of France?\"}]}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("Paris", "\"model\":\"mine\"");
      running.interrupt();
      running.join(TimeUnit.SECONDS.toMillis(30));
      assertThat(running.isAlive()).isFalse();
    }
  }

  /** Finds the address in what the server prints. */
  private static final class AddressFinder extends StringWriter {
    private static final Pattern ADDRESS = Pattern.compile("listens on (http://\\S+)");

    private final CompletableFuture<URI> address;

    AddressFinder(CompletableFuture<URI> address) {
      this.address = address;
    }

    @Override
    public void flush() {
      Matcher found = ADDRESS.matcher(toString());
      if (found.find()) {
        address.complete(URI.create(found.group(1)));
      }
    }
  }

  private int run(String... arguments) {
    CommandLine command = ServerCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
