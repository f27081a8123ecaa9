package io.github.openaikserve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.server.options.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of request limits and timeouts. */
final class InputConfigTest {
  private static final String REST =
      "backends: [{name: b, target: 'b:1'}]\nmodels: [{id: m, dialect: triton-vllm}]\n";

  @Test
  void everyLimitIsRead() {
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

    assertThat(config.server().limits().toRequestLimits())
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
  void limitsThatAreNotSetAreTheLibrarysDefaults() {
    assertThat(read(REST).server().limits().toRequestLimits())
        .isEqualTo(RequestLimits.ofDefaults());
    assertThat(read("server: {limits: {tools: 1}}\n" + REST).server().limits().toRequestLimits())
        .isEqualTo(RequestLimits.builder().tools(1).build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "messages: 0 | must be from 1",
        "messages: 2049 | must be from 1 to 2048, found '2049'",
        "string: huge | expected a number of bytes",
        "depth: 1 | must be from 3 to 1000, found '1'",
        "stops: 1 | did you mean 'stop'?",
        "{choices: 100, all_choices: 9} | limit",
      })
  void invalidLimitsAreReportedWithTheirPlace(String wrong, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read("server: {limits: {" + wrong.replaceAll("[{}]", "") + "}}\n" + REST))
        .withMessageContaining("server.limits")
        .withMessageContaining(words);
  }

  @Test
  void timeoutsOfAModelOverrideThoseOfItsServer() {
    ServerConfig config =
        read(
            """
            backends: [{name: b, target: "b:1"}]
            models:
              - {id: m, dialect: triton-vllm, first_token_timeout: 2s, inter_token_timeout: 500ms}
            discover:
              - {timeout: 1m, first_token_timeout: 3s}
            """);
    var server = new TimeoutConfig(seconds(60), seconds(50), seconds(40));

    TimeoutConfig model = config.models().get(0).timeouts();
    assertThat(model.orElse(server))
        .isEqualTo(new TimeoutConfig(seconds(60), seconds(2), Optional.of(Duration.ofMillis(500))));
    TimeoutConfig found = config.discover().get(0).timeouts();
    assertThat(found).isEqualTo(new TimeoutConfig(seconds(60), seconds(3), Optional.empty()));
    assertThat(found.orElse(server).interTokenTimeout()).isEqualTo(seconds(40));
  }

  private static Optional<Duration> seconds(int seconds) {
    return Optional.of(Duration.ofSeconds(seconds));
  }

  private static ServerConfig read(String text) {
    return Configuration.parse(Path.of("server.yaml"), text, Map.of()).values();
  }
}
