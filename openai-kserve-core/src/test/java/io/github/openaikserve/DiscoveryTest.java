package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.EmbeddingDialects;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelCheck.Outcome;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.FakeBackend;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Models whose server says how they are spoken to, and routes held against what it says. */
final class DiscoveryTest {
  private final AtomicLong seconds = new AtomicLong(1_700_000_000);
  private final DescribedServer server = new DescribedServer();

  @Test
  void everyModelThatIsRecognizedIsServed() {
    server.hasText("writer").hasPictures("painter").hasVectors("encoder");
    OpenAiKServe openai = clocked(OpenAiKServe.builder(server)).discover().build();

    assertThat(names(openai)).containsExactly("writer", "encoder");
    assertThat(text(openai, "writer")).isEqualTo("from writer");
  }

  @Test
  void nothingIsAskedBeforeSomebodyAsks() {
    OpenAiKServe.builder(server.hasText("writer")).discover().build();

    assertThat(server.listings).hasValue(0);
    assertThat(server.descriptions).hasValue(0);
  }

  @Test
  void aModelThatIsNotRecognizedIsNoneAndTheCheckTellsWhy() {
    server.hasText("writer").hasPictures("painter");
    OpenAiKServe openai = clocked(OpenAiKServe.builder(server)).discover().build();

    var refusal =
        catchThrowableOfType(InvalidRequestException.class, () -> text(openai, "painter"));
    List<ModelCheck> checks = openai.check();

    assertThat(refusal.status()).isEqualTo(404);
    assertThat(checks)
        .extracting(ModelCheck::model, ModelCheck::outcome)
        .containsExactly(tuple("writer", Outcome.FITS), tuple("painter", Outcome.UNKNOWN));
    assertThat(checks.get(1).findings())
        .singleElement()
        .asString()
        .contains("'painter'", "none of its inputs is known to take text", "pixels FP32");
  }

  @Test
  void modelsThatAppearAreFoundAndThoseThatVanishAreGone() {
    OpenAiKServe openai = clocked(OpenAiKServe.builder(server.hasText("a"))).discover().build();
    assertThat(names(openai)).containsExactly("a");

    server.lacks("a").hasText("b");
    seconds.addAndGet(2);

    assertThat(text(openai, "b")).isEqualTo("from b");
    assertThat(names(openai)).containsExactly("b");
    assertThat(
            catchThrowableOfType(InvalidRequestException.class, () -> text(openai, "a")).status())
        .isEqualTo(404);
  }

  @Test
  void manyRequestsForModelsThatAreNotThereAskTheServerOnce() {
    OpenAiKServe openai =
        clocked(OpenAiKServe.builder(server.hasPictures("painter"))).discover().build();

    for (int i = 0; i < 50; i++) {
      String name = i % 2 == 0 ? "nobody-" + i : "painter";
      assertThatThrownBy(() -> text(openai, name)).isInstanceOf(InvalidRequestException.class);
    }

    assertThat(server.listings).hasValue(1);
    assertThat(server.descriptions).hasValue(1);
  }

  @Test
  void aModelThatWasNotRecognizedIsAskedAboutAgainAfterAMinute() {
    OpenAiKServe openai = clocked(OpenAiKServe.builder(server.hasPictures("m"))).discover().build();
    assertThat(names(openai)).isEmpty();
    server.hasText("m");

    seconds.addAndGet(30);
    assertThat(names(openai)).isEmpty();

    seconds.addAndGet(31);
    assertThat(names(openai)).containsExactly("m");
  }

  @Test
  void whatIsSaidOfAModelIsNotAskedAndConfiguredOnesComeFirst() {
    server.hasText("a").hasPictures("b");
    OpenAiKServe openai =
        clocked(OpenAiKServe.builder(server))
            .model("b", m -> m.dialect(Dialects.generic("pixels", "text").build()))
            .discover(
                m ->
                    m.dialect(Dialects.generic("prompt", "text").build())
                        .chatTemplate(ChatTemplates.CHATML))
            .build();

    assertThat(names(openai)).containsExactly("b", "a");
    assertThat(text(openai, "a")).isEqualTo("from a");
    assertThat(server.descriptions).hasValue(0);
  }

  @Test
  void theModelsOfSeveralServersAreServedTogether() {
    var other = new DescribedServer().hasText("there");
    OpenAiKServe openai =
        clocked(OpenAiKServe.builder(server.hasText("here")))
            .discover()
            .discover(other, m -> {})
            .build();

    assertThat(names(openai)).containsExactly("here", "there");
    assertThat(text(openai, "there")).isEqualTo("from there");
  }

  @Test
  void aRouteWhoseDialectIsDetectedFailsClearlyUntilItsServerCanBeAsked() {
    server.hasText("m").reachable(false);
    OpenAiKServe openai =
        clocked(OpenAiKServe.builder(server)).model("m", m -> m.detect(true)).build();

    var failure = catchThrowableOfType(OpenAiException.class, () -> text(openai, "m"));
    List<ModelCheck> away = openai.check();
    server.reachable(true);
    seconds.addAndGet(2);

    assertThat(failure.status()).isEqualTo(503);
    assertThat(failure)
        .hasMessageContaining("how model 'm' is spoken to")
        .hasMessageContaining("nobody listens");
    assertThat(away).extracting(ModelCheck::outcome).containsExactly(Outcome.UNREACHABLE);
    assertThat(names(openai)).containsExactly("m");
    assertThat(text(openai, "m")).isEqualTo("from m");
    assertThat(openai.check()).extracting(ModelCheck::outcome).containsExactly(Outcome.FITS);
  }

  @Test
  void aRouteWhoseModelIsNotRecognizedSaysWhatWasFound() {
    OpenAiKServe openai =
        clocked(OpenAiKServe.builder(server.hasPictures("m")))
            .model("m", m -> m.detect(true))
            .build();

    var failure = catchThrowableOfType(OpenAiException.class, () -> text(openai, "m"));

    assertThat(failure.status()).isEqualTo(502);
    assertThat(failure).hasMessageContaining("pixels FP32");
  }

  @Test
  void aDialectIsEitherGivenOrDetected() {
    assertThatThrownBy(
            () ->
                OpenAiKServe.builder(server)
                    .model("m", m -> m.detect(true).dialect(Dialects.ANYSERVE))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model 'm' has a dialect");
  }

  @Test
  void aCheckNamesTheTensorThatIsNotAsItIsDeclared() {
    server.hasText("m").hasVectors("v");
    OpenAiKServe openai =
        clocked(OpenAiKServe.builder(server))
            .model("m", m -> m.dialect(Dialects.generic("promt", "text").build()))
            .model(
                "fine", m -> m.modelName("m").dialect(Dialects.generic("prompt", "text").build()))
            .model("v", m -> m.embeddingDialect(EmbeddingDialects.generic("sentences", "vectors")))
            .model("gone", m -> m.dialect(Dialects.generic("prompt", "text").build()))
            .model("silent", m -> m.backend(FakeBackend.tokens("x")).dialect(Dialects.ANYSERVE))
            .build();

    List<ModelCheck> checks = openai.check();

    assertThat(checks)
        .extracting(ModelCheck::outcome)
        .containsExactly(
            Outcome.MISMATCH, Outcome.FITS, Outcome.MISMATCH, Outcome.MISMATCH, Outcome.UNTOLD);
    assertThat(checks.get(0).findings()).singleElement().asString().contains("'promt'", "[prompt]");
    assertThat(checks.get(2).findings())
        .hasSize(2)
        .anyMatch(said -> said.contains("'sentences'"))
        .anyMatch(said -> said.contains("[vectors]"));
    assertThat(checks.get(3).findings()).containsExactly("the server has no model 'gone'");
    assertThat(checks.get(1).isGood()).isTrue();
    assertThat(checks.get(4).isGood()).isTrue();
  }

  private OpenAiKServe.Builder clocked(OpenAiKServe.Builder builder) {
    return builder.clock(() -> Instant.ofEpochSecond(seconds.get()));
  }

  private static List<String> names(OpenAiKServe openai) {
    return openai.models().list().data().stream().map(Model::id).toList();
  }

  private static String text(OpenAiKServe openai, String model) {
    return openai.completions().create(r -> r.model(model).prompt("Hi")).text();
  }
}
