package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelCheck.Outcome;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A configured model whose dialect is detected. */
final class RegisteredModelTest {
  private final ManualScheduler time = new ManualScheduler();
  private final DescribedServer server = new DescribedServer();

  @Test
  void aModelIsServedAsSoonAsItsServerCanBeReached() {
    server.hasText("m").reachable(false);
    OpenAiKServe openai = builder(server).model("m", m -> m.detect(true)).build();

    var failure = catchThrowableOfType(OpenAiException.class, () -> text(openai, "m"));
    List<ModelCheck> away = openai.check();
    server.reachable(true);
    time.advance(Duration.ofSeconds(2));

    assertThat(failure.status()).isEqualTo(503);
    assertThat(failure)
        .hasMessage("The dialect of model 'm' has not been detected: nobody listens");
    assertThat(away).extracting(ModelCheck::outcome).containsExactly(Outcome.UNREACHABLE);
    assertThat(names(openai)).containsExactly("m");
    assertThat(text(openai, "m")).isEqualTo("from m");
    assertThat(openai.check()).extracting(ModelCheck::outcome).containsExactly(Outcome.FITS);
  }

  @Test
  void anUnknownDialectIsReportedWithTheDeclaredTensors() {
    OpenAiKServe openai = builder(server.hasPictures("m")).model("m", m -> m.detect(true)).build();

    var failure = catchThrowableOfType(OpenAiException.class, () -> text(openai, "m"));

    assertThat(failure.status()).isEqualTo(502);
    assertThat(failure).hasMessageContaining("pixels FP32");
  }

  @Test
  void aDialectIsEitherSetOrDetected() {
    assertThatThrownBy(
            () ->
                OpenAiKServe.builder(server)
                    .model("m", m -> m.detect(true).dialect(Dialects.ANYSERVE))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model 'm' has the dialect 'anyserve' and detect(true)");
  }

  @Test
  void aServerThatDoesNotAnswerTimesOutAfterTenSecondsAndIsAskedAgain() {
    OpenAiKServe openai =
        builder(server.hasText("m").silent(true)).model("m", m -> m.detect(true)).build();
    var request = CreateCompletionRequest.builder().model("m").prompt("p").build();

    CompletableFuture<Completion> first = openai.completions().createAsync(request);
    time.advance(Duration.ofSeconds(9));
    assertThat(first).isNotDone();
    time.advance(Duration.ofSeconds(1));

    assertThat(first).isCompletedExceptionally();
    assertThatThrownBy(() -> openai.completions().explain(request))
        .hasMessage(
            "The dialect of model 'm' has not been detected: The server did not answer within"
                + " 10 s.");
    server.silent(false);
    time.advance(Duration.ofSeconds(1));
    assertThat(text(openai, "m")).isEqualTo("from m");
    openai.shutdown();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aBackendThatThrowsFailsTheRequestLikeOneThatFails() {
    OpenAiKServe openai =
        builder(server.hasText("m").throwing()).model("m", m -> m.detect(true)).build();

    var failure = catchThrowableOfType(OpenAiException.class, () -> text(openai, "m"));

    assertThat(failure)
        .hasMessage("The dialect of model 'm' has not been detected: a library is missing");
  }

  @Test
  void aBackendThatThrowsFromOptionalMethodsIsStillServed() {
    OpenAiKServe openai =
        builder(server.hasText("m").configThrows()).model("m", m -> m.detect(true)).build();

    assertThat(text(openai, "m")).isEqualTo("from m");
  }

  @Test
  void explainBeforeDetectionNamesTheNextStep() {
    OpenAiKServe openai = builder(server).model("m", m -> m.detect(true)).build();
    var request = CreateCompletionRequest.builder().model("m").prompt("p").build();

    assertThatThrownBy(() -> openai.completions().explain(request))
        .hasMessage(
            "The dialect of model 'm' has not been detected yet. Call check() to detect it.");
  }

  private OpenAiKServe.Builder builder(InferenceBackend backend) {
    return OpenAiKServe.builder(backend).scheduler(time);
  }

  private static List<String> names(OpenAiKServe openai) {
    return openai.models().list().data().stream().map(Model::id).toList();
  }

  private static String text(OpenAiKServe openai, String model) {
    return openai.completions().create(r -> r.model(model).prompt("Hi")).text();
  }
}
