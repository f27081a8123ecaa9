package io.github.openaikserve.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.decisions.CreateDecisionRequest;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import java.util.AbstractSequentialList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nulls inside the lists and maps of requests: the setter refuses them and names their place. */
final class RequestNullsTest {
  static Stream<Arguments> setters() {
    return Stream.of(
        setter("stop[0]", () -> chat().stop(nulls())),
        setter("stop[0]", () -> completion().stop(nulls())),
        setter("logit_bias.7", () -> chat().logitBias(nullValue("7"))),
        setter("logit_bias.null", () -> completion().logitBias(nullKey(1.0))),
        setter("messages[0]", () -> chat().messages(nulls())),
        setter("tools[0]", () -> chat().tools(nulls())),
        setter("input[0]", () -> CreateModerationRequest.builder().input(nulls())),
        setter("documents[0]", () -> RerankRequest.builder().documents(nulls())),
        setter("text_1[0]", () -> ScoreRequest.builder().text1(nulls())),
        setter("text_2[0]", () -> ScoreRequest.builder().text2(nulls())),
        setter("tools[0]", () -> response().tools(nulls())),
        setter("tools[0]", () -> response().tool(missing())),
        setter("include[0]", () -> response().include(nulls())),
        setter("metadata.run", () -> response().metadata(nullValue("run"))),
        setter("messages[0]", () -> CreateMessageRequest.builder().messages(nulls())),
        setter("messages[0]", () -> CreateMessageRequest.builder().message(missing())),
        setter("system[0]", () -> CreateMessageRequest.builder().system(nulls())),
        setter("stop_sequences[0]", () -> CreateMessageRequest.builder().stopSequences(nulls())),
        setter("tools[0]", () -> CreateMessageRequest.builder().tools(nulls())),
        setter("tools[0]", () -> CreateMessageRequest.builder().tool(missing())),
        setter("input[0]", () -> CreateDecisionRequest.builder().input(nulls())),
        setter("questions[0]", () -> CreateDecisionRequest.builder().questions(nulls())),
        setter("questions[0]", () -> CreateDecisionRequest.builder().question(missing())),
        setter(
            "timestamp_granularities[0]",
            () -> CreateTranscriptionRequest.builder().timestampGranularities(nulls())));
  }

  private static Arguments setter(String place, Runnable call) {
    return arguments(place, call);
  }

  private static CreateChatCompletionRequest.Builder chat() {
    return CreateChatCompletionRequest.builder();
  }

  private static CreateCompletionRequest.Builder completion() {
    return CreateCompletionRequest.builder();
  }

  private static CreateResponseRequest.Builder response() {
    return CreateResponseRequest.builder();
  }

  /** Returns null, as Java callers without a check of nulls may pass it. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T missing() {
    return null;
  }

  private static <T> List<T> nulls() {
    return Collections.singletonList(missing());
  }

  private static <T> Map<String, T> nullValue(String key) {
    Map<String, T> map = new HashMap<>();
    map.put(key, missing());
    return map;
  }

  private static <T> Map<String, T> nullKey(T value) {
    Map<String, T> map = new HashMap<>();
    map.put(missing(), value);
    return map;
  }

  @ParameterizedTest
  @MethodSource("setters")
  void aNullIsRefusedWhereItEnters(String place, Runnable call) {
    assertThatNullPointerException().isThrownBy(call::run).withMessage(place);
  }

  @Test
  void aLinkedListIsReadFromItsBeginningOnly() {
    List<String> linked =
        new AbstractSequentialList<>() {
          @Override
          public int size() {
            return 2;
          }

          @Override
          public ListIterator<String> listIterator(int index) {
            assertThat(index).isZero();
            return List.of("a", "b").listIterator();
          }
        };

    assertThat(RerankRequest.builder().query("q").documents(linked).build().documents()).hasSize(2);
  }
}
