package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code GET /v1/models/{id}} has of a model's server. */
final class ModelMetadataReaderTest {
  private static final Map<String, Object> TEXT_IN =
      Map.of("name", "prompt", "datatype", "BYTES", "shape", List.of(1L));

  @Test
  void modelMetadataComesFromItsServer() {
    var openai =
        OpenAiKServe.builder(new DescribedServer().hasText("upstream"))
            .model(
                "m",
                m ->
                    m.modelName("upstream")
                        .dialect(Dialects.generic("prompt", "text").build())
                        .shutdownDate(LocalDate.of(2027, 3, 31)))
            .build();

    Model model = openai.models().retrieve("m");

    assertThat(model.shutdownDate()).isEqualTo("2027-03-31");
    assertThat(model.metadata())
        .containsEntry("name", "upstream")
        .containsEntry("platform", "python")
        .containsEntry("versions", List.of("1"))
        .containsEntry("server", Map.of("name", "triton", "version", "2.60.0"))
        .containsEntry("inputs", List.of(TEXT_IN))
        .containsKey("dialect");
  }

  @Test
  void aListAsksNoServerForMetadata() {
    var server = new DescribedServer().hasText("m");
    var openai =
        OpenAiKServe.builder(server).model("m", Dialects.generic("prompt", "text").build()).build();

    assertThat(openai.models().list().data().get(0).metadata()).isEmpty();
    assertThat(server.descriptions).hasValue(0);
  }

  @Test
  void aServerThatDoesNotAnswerDelaysTheModelByHalfASecond() {
    var scheduler = new ManualScheduler();
    var openai =
        OpenAiKServe.builder(new DescribedServer().silent(true))
            .model("m", m -> m.dialect(Dialects.generic("prompt", "text").build()))
            .scheduler(scheduler)
            .build();

    var model = openai.models().retrieveAsync("m");
    scheduler.advance(Duration.ofMillis(1100));

    assertThat(model).isCompleted();
    assertThat(model.join().metadata()).containsOnlyKeys("name", "dialect");
  }

  @Test
  void aServerThatCannotBeReachedReportsNothing() {
    var openai =
        OpenAiKServe.builder(new DescribedServer().reachable(false))
            .model("m", m -> m.dialect(Dialects.generic("prompt", "text").build()))
            .build();

    assertThat(openai.models().retrieve("m").metadata()).containsOnlyKeys("name", "dialect");
  }

  @Test
  void requestsWithinASecondAskOnce() {
    var server = new DescribedServer().hasText("m");
    var openai =
        OpenAiKServe.builder(server)
            .model("m", Dialects.generic("prompt", "text").build())
            .scheduler(new ManualScheduler())
            .build();

    openai.models().retrieve("m");
    openai.models().retrieve("m");

    assertThat(server.descriptions).hasValue(1);
  }
}
