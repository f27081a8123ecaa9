package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Models of several servers with different dialects in one service. */
final class ModelRegistryTest {
  private static final Dialect OTHER = Dialects.generic("prompt", "text").build();

  private final FakeBackend anyServe = FakeBackend.tokens("from AnyServe");
  private final FakeBackend other =
      FakeBackend.responses(InferResponse.of(Tensor.text("text", "from the other")));

  @Test
  void eachModelIsCalledAtItsOwnServerInItsOwnDialect() {
    var openai =
        OpenAiKServe.builder()
            .model("a", m -> m.backend(anyServe).dialect(Dialects.ANYSERVE))
            .model("b", m -> m.backend(other).dialect(OTHER).alias("bee").modelName("b-7b"))
            .build();

    String a = openai.completions().create(r -> r.model("a").prompt("Hi")).text();
    String b = openai.completions().create(r -> r.model("bee").prompt("Hi")).text();

    assertThat(a).isEqualTo("from AnyServe");
    assertThat(b).isEqualTo("from the other");
    assertThat(other.onlyRequest().modelName()).isEqualTo("b-7b");
    assertThat(other.onlyRequest().input("prompt")).isPresent();
    assertThat(openai.models().list().data())
        .extracting(Model::id)
        .containsExactly("a", "b", "bee", "fake");
  }

  @Test
  void aModelWithoutABackendUsesTheBuilders() {
    var openai =
        OpenAiKServe.builder(anyServe)
            .model("a", Dialects.ANYSERVE)
            .model("b", m -> m.backend(other).dialect(OTHER))
            .build();

    assertThat(openai.completions().create(r -> r.model("a").prompt("Hi")).text())
        .isEqualTo("from AnyServe");
    assertThat(openai.completions().create(r -> r.model("b").prompt("Hi")).text())
        .isEqualTo("from the other");
  }

  @Test
  void theFirstModelIsTheDefaultUnlessAnotherIsNamed() {
    var first = twoModels().build();
    var named = twoModels().defaultModel("bee").build();

    assertThat(first.completions().create(r -> r.prompt("Hi")).text()).isEqualTo("from AnyServe");
    assertThat(named.completions().create(r -> r.prompt("Hi")).text()).isEqualTo("from the other");
  }

  @Test
  void anUnknownDefaultIsRejectedWithTheConfiguredNames() {
    assertThatThrownBy(() -> twoModels().defaultModel("c").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the default model 'c' is not configured; the configured models are [a, b, bee]");
  }

  @Test
  void aModelWithoutABackendIsRejected() {
    assertThatThrownBy(() -> OpenAiKServe.builder().model("a", Dialects.ANYSERVE).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("model 'a' has no backend; set one with backend() or pass one to builder()");
  }

  @Test
  void twoModelsWithOneNameAreRejected() {
    assertThatThrownBy(
            () -> twoModels().model("c", m -> m.dialect(OTHER).backend(other).alias("bee")).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the name 'bee' is used by two models, 'b' and 'c'; names must be unique");
  }

  @Test
  void theServiceIsReadyWhileAnyServerIsReady() {
    var time = new ManualScheduler();
    var handler = twoModels().scheduler(time).build().httpHandler();
    var health = Requests.get("/health");

    assertThat(handler.handle(health).join().status()).isEqualTo(200);

    other.ready(false);
    time.advance(Duration.ofSeconds(1));

    assertThat(Bodies.text(handler.handle(health).join()))
        .isEqualTo(
            "{\"status\":\"ok\",\"backends\":[{\"ready\":true,\"models\":1},{\"ready\":false,\"models\":0}]}");

    anyServe.ready(false);
    time.advance(Duration.ofSeconds(1));

    assertThat(handler.handle(health).join().status()).isEqualTo(503);
  }

  @Test
  void theServiceIsNotReadyWhileNothingCanBeServed() {
    var time = new ManualScheduler();
    var server = new ReloadingServer().withoutIndex();
    var discovering = OpenAiKServe.builder(server).scheduler(time).discover().build();
    var detecting =
        OpenAiKServe.builder(server).scheduler(time).model("m", m -> m.detect(true)).build();
    var health = Requests.get("/health/ready");

    for (OpenAiKServe openai : List.of(discovering, detecting)) {
      var unready = openai.httpHandler().handle(health).join();
      assertThat(unready.status()).isEqualTo(503);
      assertThat(Bodies.text(unready))
          .contains("The model server is ready, but none of its models can be served.");
    }

    server.listingAgain().hasVllm("m", ReloadingServer.VLLM_25_12);
    time.advance(Duration.ofMinutes(1));

    for (OpenAiKServe openai : List.of(discovering, detecting)) {
      assertThat(openai.httpHandler().handle(health).join().status()).isEqualTo(200);
    }
  }

  private OpenAiKServe.Builder twoModels() {
    return OpenAiKServe.builder()
        .model("a", m -> m.backend(anyServe).dialect(Dialects.ANYSERVE))
        .model("b", m -> m.backend(other).dialect(OTHER).alias("bee"));
  }
}
