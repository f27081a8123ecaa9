package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ModelRouteTest {
  private final ManualScheduler scheduler = new ManualScheduler();
  private final FakeBackend stable = FakeBackend.tokens("hello");
  private final FakeBackend canary = FakeBackend.tokens("hello");
  private final FakeBackend small = FakeBackend.tokens("hello");

  private OpenAiKServe.Builder models() {
    return OpenAiKServe.builder()
        .scheduler(scheduler)
        .model("stable", m -> m.backend(stable).dialect(Dialects.ANYSERVE))
        .model("canary", m -> m.backend(canary).dialect(Dialects.ANYSERVE))
        .model("small", m -> m.backend(small).dialect(Dialects.ANYSERVE));
  }

  private OpenAiKServe routed() {
    return models()
        .route("llama", r -> r.to("stable", 9).to("canary", 1).fallback("small"))
        .build();
  }

  private static Map<String, Long> answers(OpenAiKServe openai, int requests) {
    Map<String, Long> answers = new TreeMap<>();
    IntStream.range(0, requests)
        .mapToObj(i -> openai.chatCompletions().create(r -> r.model("llama").user("hi")))
        .map(ChatCompletion::model)
        .forEach(model -> answers.merge(model, 1L, Long::sum));
    return answers;
  }

  private void switched(FakeBackend backend, boolean ready) {
    backend.ready(ready);
    scheduler.advance(Duration.ofSeconds(2)); // An answer about readiness is used for one second.
  }

  @Test
  void theModelsShareTheRequestsByWeightAndTheAnswerNamesTheModel() {
    Map<String, Long> answers = answers(routed(), 1_000);

    assertThat(answers).containsOnlyKeys("stable", "canary");
    assertThat(answers.get("canary")).isBetween(95L, 105L);
  }

  @Test
  void aModelThatIsNotReadyGetsNoRequests() {
    OpenAiKServe openai = routed();
    answers(openai, 1);
    switched(stable, false);
    answers(openai, 1);

    assertThat(answers(openai, 50)).containsOnlyKeys("canary");
    switched(stable, true);
    answers(openai, 1);
    assertThat(answers(openai, 50)).containsOnlyKeys("stable", "canary");
  }

  @Test
  void theFallbackServesWhileNoModelIsReady() {
    stable.ready(false);
    canary.ready(false);
    OpenAiKServe openai = routed();

    assertThat(answers(openai, 20)).containsOnlyKeys("small");
    switched(canary, true);
    answers(openai, 1);
    assertThat(answers(openai, 20)).containsOnlyKeys("canary");
  }

  @Test
  void requestsWithOneAffinityKeyStayAtOneModel() {
    OpenAiKServe openai = models().route("llama", r -> r.to("stable", 1).to("canary", 1)).build();

    List<List<String>> models =
        IntStream.range(0, 40)
            .mapToObj(
                key ->
                    IntStream.range(0, 5)
                        .mapToObj(
                            i ->
                                openai
                                    .with(o -> o.affinityKey("k" + key))
                                    .chatCompletions()
                                    .create(r -> r.model("llama").user("hi"))
                                    .model())
                        .distinct()
                        .toList())
            .toList();

    assertThat(models).allMatch(each -> each.size() == 1);
    assertThat(models.stream().flatMap(List::stream).distinct()).hasSize(2);
  }

  @Test
  void aRouteIsListedAndMayBeTheDefault() {
    OpenAiKServe openai =
        models().route("llama", r -> r.to("canary", 1)).defaultModel("llama").build();

    assertThat(openai.models().list().data()).extracting(Model::id).contains("llama", "canary");
    assertThat(openai.models().retrieve("llama").id()).isEqualTo("llama");
    assertThat(openai.chatCompletions().create(r -> r.user("hi")).model()).isEqualTo("canary");
  }

  @Test
  void namesInARouteMustBeConfigured() {
    assertThatThrownBy(() -> models().route("llama", r -> r.to("gone", 1)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no model is named 'gone'");
    assertThatThrownBy(() -> models().route("stable", r -> r.to("canary", 1)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'stable'");
    assertThatThrownBy(() -> models().route("llama", r -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no model");
    assertThatThrownBy(() -> models().route("llama", r -> r.to("stable", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 1 to");
  }
}
