package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.error.ServerErrors;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.kserve.TensorMetadata;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that embed and are reloaded with other tensors while they are served. */
final class ChangingEmbeddingsTest {
  private final ManualScheduler time = new ManualScheduler();
  private final Embedder server = new Embedder();
  private final OpenAiKServe openai =
      OpenAiKServe.builder(server).scheduler(time).model("m", m -> m.detect(true)).build();

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 100})
  void anEmbeddingModelThatIsReloadedWithOtherTensorsFailsNoRequest(int inputs) {
    assertThat(vectors(inputs)).hasSize(inputs).containsOnly(List.of(1f, 0f));

    server.declares("query", "vector", 3);
    time.advance(Duration.ofSeconds(2));

    assertThat(vectors(inputs)).hasSize(inputs).containsOnly(List.of(1f, 0f, 0f));
    assertThat(vectors(inputs)).hasSize(inputs);
    assertThat(server.refusals).as("the call that found out").isEqualTo(1);
  }

  @Test
  void requestsThatFailTogetherShareOneQuestion() {
    vectors(1);
    server.declares("query", "vector", 3);
    time.advance(Duration.ofSeconds(2));
    int before = server.descriptions;

    List<CompletableFuture<CreateEmbeddingResponse>> asked =
        IntStream.range(0, 20).mapToObj(i -> ask(1)).toList();

    assertThat(asked).allMatch(CompletableFuture::isDone);
    assertThat(asked).noneMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(server.descriptions).isEqualTo(before + 1);
  }

  @Test
  void aModelReplacedByOneWithoutEmbeddingsFailsWithAClearMessage() {
    vectors(1);
    server.declares("query", "answer", 0);
    time.advance(Duration.ofSeconds(2));

    var failure = catchThrowableOfType(OpenAiException.class, () -> embed(1));

    assertThat(failure).hasMessageContaining("unexpected inference input 'text'");
    assertThat(server.calls).as("not repeated").isEqualTo(2);
  }

  @Test
  void aFailureOfAnUnchangedModelIsNotRepeated() {
    vectors(1);
    server.breaks = true;
    time.advance(Duration.ofSeconds(2));

    var failure = catchThrowableOfType(OpenAiException.class, () -> embed(1));

    assertThat(failure).hasMessageContaining("the input is odd");
    assertThat(server.calls).isEqualTo(2);
  }

  private List<List<Float>> vectors(int inputs) {
    CompletableFuture<CreateEmbeddingResponse> answer = ask(inputs);
    assertThat(answer).isDone();
    return answer.join().data().stream().map(e -> floats(e.vector())).toList();
  }

  private static List<Float> floats(float[] vector) {
    return IntStream.range(0, vector.length).mapToObj(i -> vector[i]).toList();
  }

  private CreateEmbeddingResponse embed(int inputs) {
    return openai.embeddings().create(r -> r.model("m").input(texts(inputs)));
  }

  private CompletableFuture<CreateEmbeddingResponse> ask(int inputs) {
    return openai.embeddings().createAsync(r -> r.model("m").input(texts(inputs)));
  }

  private static String[] texts(int inputs) {
    return IntStream.range(0, inputs).mapToObj(i -> "text " + i).toArray(String[]::new);
  }

  /** A server of one model, which refuses a tensor that it does not declare in Triton's words. */
  private static final class Embedder implements InferenceBackend {
    private String input = "text";
    private String output = "embedding";
    private int length = 2;
    private boolean breaks;
    private int calls;
    private int refusals;
    private int descriptions;

    void declares(String input, String output, int length) {
      this.input = input;
      this.output = output;
      this.length = length;
    }

    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      calls++;
      Tensor texts = call.request().inputs().get(0);
      if (!texts.name().equals(input) || breaks) {
        refusals++;
        String words =
            breaks ? "the input is odd" : "unexpected inference input '" + texts.name() + "'";
        return Publishers.error(ServerErrors.of(BackendCode.INVALID_ARGUMENT, words));
      }
      int rows = texts.texts().size();
      float[] vectors = new float[rows * length];
      for (int row = 0; row < rows; row++) {
        vectors[row * length] = 1;
      }
      return Publishers.fromIterable(
          List.of(InferResponse.of(Tensor.of(output, new long[] {rows, length}, vectors))));
    }

    @Override
    public CompletionStage<Optional<ModelMetadata>> modelMetadata(String name, String version) {
      descriptions++;
      var text = new TensorMetadata(input, "BYTES", List.of(-1L));
      var vector =
          length == 0
              ? new TensorMetadata(output, "BYTES", List.of(-1L))
              : new TensorMetadata(output, "FP32", List.of(-1L, (long) length));
      return CompletableFuture.completedFuture(
          Optional.of(
              new ModelMetadata(name, List.of("1"), "python", List.of(text), List.of(vector))));
    }
  }
}
