package io.github.openaikserve.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.ServerMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

final class ModelDescriptionTest {
  @Test
  void undeclaredMetadataIsUnknown() {
    ModelDescription told = read(BackendCode.PERMISSION_DENIED);

    assertThat(told.server()).isEmpty();
    assertThat(told.config()).isEmpty();
    assertThat(told.metadata()).isPresent();
  }

  @Test
  void aSlowServerIsNotMistakenForAnotherDialect() {
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> read(BackendCode.DEADLINE_EXCEEDED))
        .withCauseInstanceOf(BackendException.class);
  }

  @Test
  void versionsAreComparedByTheirNumbers() {
    assertThat(triton("2.68.0").isTritonSince(2, 68)).isTrue();
    assertThat(triton("2.100.0").isTritonSince(2, 68)).isTrue();
    assertThat(triton("3.0").isTritonSince(2, 68)).isTrue();
    assertThat(triton("2.67.9").isTritonSince(2, 68)).isFalse();
    assertThat(triton("2").isTritonSince(2, 68)).isFalse();
    assertThat(triton("of-our-own").isTritonSince(2, 68)).isFalse();
    assertThat(triton("").isTritonSince(2, 68)).isFalse();
  }

  private static ModelDescription triton(String version) {
    return new ModelDescription(
        "m",
        Optional.of(new ServerMetadata("triton", version, List.of())),
        Optional.empty(),
        Optional.empty());
  }

  /** A model of a server that answers so when it is asked about itself and the configuration. */
  private static ModelDescription read(BackendCode code) {
    return ModelDescription.read(new Reserved(code), "m", "").join();
  }

  private record Reserved(BackendCode code) implements InferenceBackend {
    @Override
    public Flow.Publisher<InferResponse> infer(InferCall call) {
      throw new AssertionError("nothing is inferred");
    }

    @Override
    public CompletionStage<Optional<ServerMetadata>> serverMetadata() {
      return failed();
    }

    @Override
    public CompletionStage<Optional<ModelMetadata>> modelMetadata(String name, String version) {
      return CompletableFuture.completedFuture(
          Optional.of(new ModelMetadata(name, List.of(), "", List.of(), List.of())));
    }

    @Override
    public CompletionStage<Optional<ModelConfig>> modelConfig(String name, String version) {
      return failed();
    }

    private <T> CompletableFuture<T> failed() {
      // As a stage that depends on another one fails.
      return CompletableFuture.failedFuture(
          new CompletionException(new BackendException(code, "no")));
    }
  }
}
