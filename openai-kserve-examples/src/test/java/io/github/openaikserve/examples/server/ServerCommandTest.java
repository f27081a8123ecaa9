package io.github.openaikserve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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
        "--port 70000                                            | --port must be from 0 to 65535",
        "--port many                                             | --port",
        "--anyserve-endpoint nowhere                             | expected HOST:PORT",
        "--anyserve-endpoint a:1 --anyserve-stream-endpoint b    | expected HOST:PORT",
        "--anyserve-stream-endpoint a:1                          | needs --anyserve-endpoint",
        "--anyserve-endpoint a:1 --gguf x.gguf                   | does not go with",
        "--gguf no-such-file.gguf                                | cannot read",
        "--chat-template nonsense                                | chatml, plain",
        "--timeout 0                                             | must be positive",
        "--nonsense                                              | Unknown option",
      })
  void wrongUseIsOneClearLine(String arguments, String words) {
    int status = run(arguments.strip().split(" +"));

    assertThat(status).isEqualTo(2);
    assertThat(err.toString().lines().findFirst().orElse("")).contains(words);
    assertThat(err.toString()).doesNotContain("at io.github");
  }

  @Test
  void helpNamesEveryFlag() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains(
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
            "--grace");
  }

  @Test
  void theVersionIsTold() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("openai-kserve-server ");
  }

  private int run(String... arguments) {
    CommandLine command = ServerCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
