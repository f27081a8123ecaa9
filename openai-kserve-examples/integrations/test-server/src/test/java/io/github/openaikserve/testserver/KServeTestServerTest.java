package io.github.openaikserve.testserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.BackendService;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A scripted server over netty, as a user's test sees it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KServeTestServerTest {
  private final KServeTestServer server = KServeTestServer.start();
  private final InferenceBackend backend = GrpcBackend.builder().target(server.target()).build();

  @AfterEach
  void end() {
    backend.close();
    server.close();
  }

  private static OpenAiKServe openai(InferenceBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
  }

  private String complete() {
    return openai(backend).completions().create(r -> r.prompt("p")).text();
  }

  @Test
  void answersAsTheScriptOfNow() {
    String first = complete();
    server.answers(List.of("a", "b"), List.of("c"));

    assertThat(List.of(first, complete(), complete())).containsExactly("Hello", "ab", "c");
    assertThat(server.calls()).hasSize(2);
    assertThat(server.calls().get(0).request().input("prompt").orElseThrow().texts())
        .containsExactly("p");
  }

  @Test
  void tokensWaitForTheirReleaseAndNotForATime() {
    var release = new CompletableFuture<Void>();
    server.answering(call -> ScriptedResponse.tokens(call, "a", "b").waitsBefore(1, release));
    List<String> texts = new ArrayList<>();

    try (var chunks = openai(backend).completions().stream(r -> r.prompt("p"))) {
      for (Completion chunk : chunks) {
        texts.add(chunk.text());
        release.complete(null);
      }
    }

    assertThat(String.join("", texts)).isEqualTo("ab");
  }

  @Test
  void failsBeforeAndBetweenTokens() {
    server.failing(BackendCode.RESOURCE_EXHAUSTED, "full");
    assertThat(failure().backendCode()).isEqualTo(BackendCode.RESOURCE_EXHAUSTED);

    var gone = new BackendException(BackendCode.INTERNAL, "The GPU is gone.");
    server.answering(
        call ->
            ScriptedResponse.of(ScriptedResponse.tokens(call, "word").responses().subList(0, 1))
                .thenFails(gone));
    BackendException failure = failure();

    assertThat(failure.backendCode()).isEqualTo(BackendCode.INTERNAL);
    assertThat(failure.partialText()).isEqualTo("word");
  }

  private BackendException failure() {
    var failures = new ArrayList<BackendException>();
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(this::complete)
        .satisfies(failures::add);
    return failures.get(0);
  }

  @Test
  void seesACallThatWasCancelled() {
    server.answering(call -> ScriptedResponse.of(List.of()).thenHangs());
    var answer = openai(backend).completions().createAsync(r -> r.prompt("p"));
    await(() -> server.calls().size() == 1);

    answer.cancel(true);

    await(() -> server.cancellations() == 1);
  }

  @Test
  void comesBackOnItsPortAfterAStop() {
    int port = server.port();
    server.stop();
    server.stop();
    assertThat(failure().backendCode()).isEqualTo(BackendCode.UNAVAILABLE);

    server.resume();
    server.resume();

    assertThat(server.port()).isEqualTo(port);
    await(this::answers);
  }

  private boolean answers() {
    try {
      return complete().equals("Hello");
    } catch (BackendException e) { // the connection backs off
      return false;
    }
  }

  @Test
  void readinessAndMetadataAreThoseOfTheScript() {
    var metadata = new ServerMetadata("triton", "2.60.0", List.of());
    server.use(FakeBackend.tokens("x").ready(false).serverMetadata(metadata).repository("a"));

    assertThat(backend.ready().toCompletableFuture().join()).contains(false);
    assertThat(ModelDescription.read(backend, "a", "").join().server()).contains(metadata);
    assertThat(backend.repositoryIndex().toCompletableFuture().join().orElseThrow()).hasSize(1);
  }

  @Test
  void onlyAScriptHasCalls() {
    server.use(backend);

    assertThatIllegalStateException().isThrownBy(server::calls);
  }

  @ParameterizedTest
  @CsvSource({
    "anyserve, token, Hello, ' there'",
    "triton-vllm, text_output, Hello, ' there'",
    "tensorrt-llm, text_output, Hello, ' there'",
    "tensorrt-llm-bls, text_output, Hello, 'Hello there'",
    "tensorrt-llm-api, text_output, Hello, 'Hello there'",
    "dynamo, text_output, Hello, ' there'",
  })
  void everyStreamedDialectCanBeScripted(
      String dialect, String tensor, String first, String second) {
    server.answering(call -> ScriptedResponse.texts(tensor, first, second));

    assertThat(completion(Dialects.byName(dialect).orElseThrow(), backend))
        .isEqualTo("Hello there");
  }

  @Test
  void mlServersDialectCanBeScripted() {
    server.answering(
        call -> ScriptedResponse.texts("output", "{\"generated_text\": \"Hello there\"}"));

    assertThat(completion(Dialects.MLSERVER_HUGGINGFACE, backend)).isEqualTo("Hello there");
  }

  @Test
  void vectorsCanBeScripted() {
    server.answering(call -> ScriptedResponse.vectors("embedding_output", new float[] {1, 2}));
    var openai = OpenAiKServe.builder(backend).model("m", Dialects.EMBEDDINGS).build();

    assertThat(openai.embeddings().create(r -> r.input("a")).data().get(0).vector())
        .containsExactly(1, 2);
  }

  @Test
  void anotherServersFormOfTheProtocolCanBeServed() {
    try (var bare =
            KServeTestServer.start(
                FakeBackend.tokens("x"), service -> service.unwrappedStreams().named("a.B"));
        var client = GrpcBackend.builder().target(bare.target()).service("a.B").build()) {
      assertThat(client.ready().toCompletableFuture().join()).contains(true);
    }
    assertThat(BackendService.of(backend).bindService().getServiceDescriptor().getName())
        .isEqualTo("inference.GRPCInferenceService");
  }

  private static String completion(Dialect dialect, InferenceBackend backend) {
    var openai = OpenAiKServe.builder(backend).model("m", dialect).build();
    try (var chunks = openai.completions().stream(r -> r.prompt("p"))) {
      return chunks.asStream().map(Completion::text).collect(Collectors.joining());
    }
  }

  private static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
