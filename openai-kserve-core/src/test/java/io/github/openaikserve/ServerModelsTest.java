package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.FakeBackend;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Models that nobody configured by name: the server tells them. */
final class ServerModelsTest {
  private static final Dialect DIALECT =
      Dialect.builder("plain")
          .input("prompt", Datatype.BYTES, RequestField.PROMPT)
          .output("text", ResponseField.TEXT)
          .build();

  private final FakeBackend backend =
      FakeBackend.responses(InferResponse.of(Tensor.text("text", "x"))).repository("a", "b");
  private final AtomicLong seconds = new AtomicLong(1_700_000_000);
  private final OpenAiKServe openai =
      OpenAiKServe.builder(backend)
          .clock(() -> Instant.ofEpochSecond(seconds.getAndIncrement()))
          .discover(m -> m.dialect(DIALECT))
          .build();

  @Test
  void areListedBesidesTheConfiguredOnesAlwaysWithTheSameDate() {
    var both =
        OpenAiKServe.builder(backend)
            .clock(() -> Instant.ofEpochSecond(seconds.getAndIncrement()))
            .model("mine", m -> m.dialect(DIALECT).alias("a").created(Instant.ofEpochSecond(7)))
            .discover(m -> m.dialect(DIALECT))
            .build();

    var first = both.models().list().data();

    assertThat(first).extracting(Model::id).containsExactly("mine", "a", "b");
    assertThat(first.get(0).created()).isEqualTo(7);
    assertThat(both.models().list().data()).isEqualTo(first);
  }

  @Test
  void areCalledByTheServersNames() {
    openai.completions().create(r -> r.model("b").prompt("p"));

    assertThat(backend.onlyRequest().modelName()).isEqualTo("b");
  }

  @Test
  void areFoundWhenTheyAppearAndGoneWhenTheyVanish() {
    var notYet =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> openai.completions().create(r -> r.model("c").prompt("p")));
    backend.repository("c");

    openai.completions().create(r -> r.model("c").prompt("p"));

    assertThat(notYet.status()).isEqualTo(404);
    assertThat(openai.models().list().data()).extracting(Model::id).containsExactly("c");
  }

  @Test
  void aRequestHasToNameOneWhereNoneIsTheDefault() {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class, () -> openai.completions().create(r -> r.prompt("p")));

    assertThat(refusal.param()).isEqualTo("model");
    assertThat(refusal.status()).isEqualTo(400);
  }

  @Test
  void aServerThatDoesNotTellHasNone() {
    var silent =
        OpenAiKServe.builder(FakeBackend.tokens("x")).discover(m -> m.dialect(DIALECT)).build();

    assertThat(silent.models().list().data()).isEmpty();
  }
}
