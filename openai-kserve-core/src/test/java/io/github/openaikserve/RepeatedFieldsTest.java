package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an answer to a chat repeats of its request. */
final class RepeatedFieldsTest {
  private final OpenAiKServe openai =
      OpenAiKServe.builder(FakeBackend.tokens("a", "b")).model("m", Dialects.ANYSERVE).build();

  @Test
  void aWholeAnswerHasTheMetadataAndTheTierThatServedIt() {
    String answer = chat("{'service_tier':'flex','metadata':{'run':'7'},MESSAGES}");

    assertThat(answer).contains("\"service_tier\":\"default\"", "\"metadata\":{\"run\":\"7\"}");
  }

  @Test
  void everyChunkHasTheTier() {
    String events = chat("{'stream':true,'service_tier':'auto','metadata':{'run':'7'},MESSAGES}");

    assertThat(events.lines().filter(line -> line.startsWith("data: {")))
        .hasSizeGreaterThan(3)
        .allMatch(line -> line.contains("\"service_tier\":\"default\""));
  }

  @Test
  void anAnswerToARequestWithoutThemHasNeither() {
    assertThat(chat("{MESSAGES}") + chat("{'stream':true,MESSAGES}"))
        .doesNotContain("service_tier", "metadata");
  }

  @Test
  void javaReadsThemFromTheAnswer() {
    var answer =
        openai
            .chatCompletions()
            .create(
                r ->
                    r.user("Hi")
                        .extra("metadata", Map.of("run", "7"))
                        .extra("service_tier", "auto"));

    assertThat(answer.metadata()).containsOnly(Map.entry("run", "7"));
    assertThat(answer.serviceTier()).isEqualTo("default");
  }

  private String chat(String body) {
    String messages = "'messages':[{'role':'user','content':'Hi'}]";
    String json = body.replace("MESSAGES", messages).replace('\'', '"');
    return Bodies.text(
        openai.httpHandler().handle(Requests.post("/v1/chat/completions", json)).join());
  }
}
