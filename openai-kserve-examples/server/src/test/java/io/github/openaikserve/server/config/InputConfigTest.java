package io.github.openaikserve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.resilience.RequestLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator says about how much a request may hold, and how long its answer may take. */
final class InputConfigTest {
  private static final String REST =
      "backends: [{name: b, target: 'b:1'}]\nmodels: [{id: m, dialect: triton-vllm}]\n";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void everyLimitIsRead() throws IOException {
    ServerConfig config =
        read(
            """
            server:
              limits:
                headers: 8KiB
                depth: 50
                digits: 40
                string: 1MiB
                messages: 100
                prompts: 90
                tools: 200
                stop: 3
                choices: 4
                all_choices: 80
                inputs: 70
                nodes: 60
                numbers: 50
                metadata: 6
                logit_bias: 5
                stop_length: 40
                generated_text: 2MiB
            """
                + REST);

    assertThat(config.listen().limits())
        .isEqualTo(
            RequestLimits.builder()
                .headers(8 << 10)
                .depth(50)
                .digits(40)
                .string(1 << 20)
                .messages(100)
                .prompts(90)
                .tools(200)
                .stops(3)
                .choices(4)
                .allChoices(80)
                .inputs(70)
                .nodes(60)
                .numbers(50)
                .metadata(6)
                .logitBias(5)
                .stopLength(40)
                .generatedText(2 << 20)
                .build());
  }

  @Test
  void limitsThatAreNotSaidAreTheLibrarys() throws IOException {
    assertThat(read(REST).listen().limits()).isEqualTo(RequestLimits.ofDefaults());
    assertThat(read("server: {limits: {tools: 1}}\n" + REST).listen().limits())
        .isEqualTo(RequestLimits.builder().tools(1).build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "messages: 0 | must be from 1",
        "messages: 2049 | limit 'messages' must be between 1 and 2048, but is 2049",
        "string: huge | expected a number of bytes",
        "depth: 1 | limit 'depth' must be between 3 and 1000, but is 1",
        "stops: 1 | did you mean 'stop'?",
      })
  void whatCannotBeMeantIsSaidWithItsPlace(String wrong, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("server: {limits: {" + wrong + "}}\n" + REST))
        .withMessageContaining("server.limits")
        .withMessageContaining(words);
  }

  @Test
  void aFlagReplacesOneLimitOfTheFile() {
    RequestLimits said = RequestLimits.builder().messages(5).tools(6).build();

    assertThat(InputWords.replaced(said, Map.of("tools", 7)))
        .isEqualTo(said.toBuilder().tools(7).build());
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> InputWords.replaced(said, Map.of("tool", 7)))
        .withMessageContaining("no limit of 'tool'")
        .withMessageContaining("all_choices");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> InputWords.replaced(said, Map.of("stop", 5)))
        .withMessageContaining("limit 'stops' must be between 1 and 4, but is 5");
  }

  @Test
  void timeLimitsOfAModelComeBeforeThoseOfItsServer() throws IOException {
    ServerConfig config =
        read(
            """
            backends: [{name: b, target: "b:1"}]
            models:
              - {id: m, dialect: triton-vllm, first_token_timeout: 2s, inter_token_timeout: 500ms}
            discover:
              - {timeout: 1m, first_token_timeout: 3s}
            """);
    var server = new Patience(seconds(60), seconds(50), seconds(40));

    Patience model = config.models().get(0).patience();
    assertThat(model.orElse(server))
        .isEqualTo(new Patience(seconds(60), seconds(2), Optional.of(Duration.ofMillis(500))));
    Patience found = config.discoveries().get(0).patience();
    assertThat(found).isEqualTo(new Patience(seconds(60), seconds(3), Optional.empty()));
    assertThat(found.orElse(server).interToken()).isEqualTo(seconds(40));
  }

  private static Optional<Duration> seconds(int seconds) {
    return Optional.of(Duration.ofSeconds(seconds));
  }

  private ServerConfig read(String text) throws IOException {
    return ConfigFile.read(Files.writeString(directory.resolve("server.yaml"), text), name -> null);
  }
}
