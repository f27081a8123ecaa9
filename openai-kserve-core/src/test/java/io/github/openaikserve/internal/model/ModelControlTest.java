package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.Endpoint;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are loaded and unloaded at their servers on request. */
final class ModelControlTest {
  private final DescribedServer server =
      new DescribedServer().hasText("loaded").hasUnloadedText("asleep");
  private final OpenAiKServe openai =
      OpenAiKServe.builder(server)
          .discover()
          .modelControl(true)
          .scheduler(new ManualScheduler()) // so that no answer of the server gets old
          .build();

  @Test
  void aModelThatItsServerListsIsServedOnceItIsLoaded() {
    assertThat(names()).containsExactly("loaded");

    ApiResponse response = post("/v1/models/asleep/load");

    assertThat(Bodies.text(response))
        .isEqualTo("{\"id\":\"asleep\",\"object\":\"model\",\"loaded\":true}");
    assertThat(names()).containsExactlyInAnyOrder("loaded", "asleep");
    assertThat(openai.completions().create(r -> r.model("asleep").prompt("Hi")).text())
        .isEqualTo("from asleep");
  }

  @Test
  void aModelThatIsUnloadedIsNotServed() {
    assertThat(names()).containsExactly("loaded");

    ApiResponse response = post("/v1/models/loaded/unload");

    assertThat(Bodies.text(response)).contains("\"loaded\":false");
    assertThat(names()).isEmpty();
    assertThatThrownBy(() -> openai.completions().create(r -> r.model("loaded").prompt("Hi")))
        .hasMessageContaining("'loaded' does not exist");
  }

  @Test
  void aConfiguredModelIsLoadedByItsServersName() {
    var configured =
        OpenAiKServe.builder(server)
            .model(
                "m",
                m ->
                    m.modelName("asleep")
                        .alias("org/m")
                        .dialect(Dialects.generic("prompt", "text").build()))
            .build();

    configured.models().load("org/m");

    assertThat(configured.models().retrieve("m").metadata()).containsEntry("platform", "python");
  }

  @Test
  void everyEndpointOfABackendLoadsTheModel() {
    var other = new DescribedServer().hasUnloadedText("asleep");
    Map<String, DescribedServer> servers = Map.of("a", server, "b", other);
    var balanced =
        BalancedBackend.builder(
                EndpointSource.of("a", "b"), (Endpoint endpoint) -> servers.get(endpoint.address()))
            .build();
    try (balanced) {
      OpenAiKServe.builder(balanced)
          .model("asleep", Dialects.generic("prompt", "text").build())
          .build()
          .models()
          .load("asleep");
    }

    assertThat(other.modelMetadata("asleep", "").toCompletableFuture().join()).isPresent();
    assertThat(server.modelMetadata("asleep", "").toCompletableFuture().join()).isPresent();
  }

  @Test
  void clientsMayNotUnlessTheServiceAllowsIt() {
    var handler = OpenAiKServe.builder(server).discover().build().httpHandler();

    ApiResponse response = handler.handle(Requests.post("/v1/models/loaded/unload", "")).join();

    assertThat(response.status()).isEqualTo(403);
    assertThat(Bodies.text(response)).contains("model_control_disabled");
    assertThat(server.modelMetadata("loaded", "").toCompletableFuture().join()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models/none/load", "/v1/models/none/unload"})
  void aModelThatNoServerListsDoesNotExist(String path) {
    ApiResponse response = post(path);

    assertThat(response.status()).isEqualTo(404);
    assertThat(Bodies.text(response)).contains("The model 'none' does not exist");
  }

  @Test
  void aServerThatCannotLoadModelsSaysSo() {
    var fixed = OpenAiKServe.builder(FakeBackend.tokens("a")).model("m", Dialects.ANYSERVE).build();

    assertThatThrownBy(() -> fixed.models().load("m"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("The server of model 'm' does not load models on request.");
  }

  @Test
  void aFailureOfTheServerIsReported() {
    var configured =
        OpenAiKServe.builder(server)
            .model("m", m -> m.modelName("gone").dialect(Dialects.generic("p", "t").build()))
            .build();

    assertThatThrownBy(() -> configured.models().load("m"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("failed to load 'gone'");
  }

  @ParameterizedTest
  @CsvSource({"both, a route to several models", "sql, an adapter"})
  void aNameThatIsNotOfOneModelIsRejected(String name, String what) {
    var routed =
        OpenAiKServe.builder(server)
            .model("m", m -> m.dialect(Dialects.TRITON_VLLM).adapter("sql", "sql-v2"))
            .route("both", r -> r.to("m", 1))
            .build();

    assertThatThrownBy(() -> routed.models().unload(name))
        .hasMessage(
            "'%s' is %s, which cannot be loaded or unloaded. Use the name of a model."
                .formatted(name, what));
  }

  private ApiResponse post(String path) {
    return openai.httpHandler().handle(Requests.post(path, "")).join();
  }

  private List<String> names() {
    return openai.models().list().data().stream().map(Model::id).toList();
  }
}
