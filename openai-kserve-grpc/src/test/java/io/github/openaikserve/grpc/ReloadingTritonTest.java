package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelCheck.Outcome;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.grpc.servers.DynamoServer;
import io.github.openaikserve.grpc.servers.HuggingFaceRuntime;
import io.github.openaikserve.grpc.servers.KServePythonServer;
import io.github.openaikserve.grpc.servers.MlServer;
import io.github.openaikserve.grpc.servers.ModelServer;
import io.github.openaikserve.grpc.servers.TritonModel;
import io.github.openaikserve.grpc.servers.TritonServer;
import io.github.openaikserve.grpc.servers.VllmModel;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.Model;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Discovery over real gRPC, of models that are upgraded, rolled back and unloaded under traffic.
 */
@Timeout(60)
final class ReloadingTritonTest {
  private static final int REQUESTS = 40;

  @Test
  void aModelIsRolledBackAndUpgradedUnderTrafficWithoutAFailedRequest() throws Exception {
    try (var triton = TritonServer.start(VllmModel.newest("m"));
        var backend = Servers.connect(triton.target());
        var openai = OpenAiKServe.builder(backend).discover().build()) {
      assertThat(ask(openai).get(20, TimeUnit.SECONDS).text()).isNotEmpty();

      List<TritonModel> releases =
          List.of(VllmModel.before2403("m"), VllmModel.newest("m"), VllmModel.before2511("m"));
      for (TritonModel release : releases) {
        triton.load(release);
        List<CompletableFuture<Completion>> answers =
            IntStream.range(0, REQUESTS).mapToObj(i -> ask(openai)).toList();
        for (CompletableFuture<Completion> answer : answers) {
          assertThat(answer.get(20, TimeUnit.SECONDS).text()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void anUnloadedModelIsNotFoundUntilItIsLoadedAgain() throws Exception {
    try (var triton = TritonServer.start(VllmModel.newest("m"));
        var backend = Servers.connect(triton.target());
        var openai = OpenAiKServe.builder(backend).model("m", m -> m.detect(true)).build()) {
      ask(openai).get(20, TimeUnit.SECONDS);

      triton.unload("m");
      var refusal = catchThrowableOfType(OpenAiException.class, () -> text(openai));
      triton.load(VllmModel.before2511("m"));

      assertThat(refusal.status()).isEqualTo(404);
      assertThat(refusal.code()).isEqualTo("model_not_found");
      assertThat(text(openai)).isNotEmpty();
    }
  }

  @Test
  void theModelsOfMlServerAreDiscovered() throws Exception {
    try (var server = MlServer.start(Map.of("gpt2", new HuggingFaceRuntime()));
        var backend = Servers.connect(server.target());
        var openai = OpenAiKServe.builder(backend).discover().build()) {
      assertThat(openai.models().list().data()).extracting(Model::id).containsExactly("gpt2");
    }
  }

  static Stream<Callable<ModelServer>> serversWithoutAnIndex() throws IOException {
    return Stream.of(KServePythonServer::start, () -> DynamoServer.start("llama"));
  }

  @ParameterizedTest
  @MethodSource("serversWithoutAnIndex")
  void aServerThatCannotListItsModelsFailsTheCheckAndReadiness(Callable<ModelServer> start)
      throws Exception {
    try (var server = start.call();
        var backend = Servers.connect(server.target());
        var openai = OpenAiKServe.builder(backend).discover().build()) {
      List<ModelCheck> checks = openai.check();

      assertThat(checks).extracting(ModelCheck::outcome).containsExactly(Outcome.UNKNOWN);
      assertThat(checks.get(0).findings())
          .singleElement()
          .asString()
          .contains("does not list its models: name them");
    }
  }

  private static CompletableFuture<Completion> ask(OpenAiKServe openai) {
    return openai.completions().createAsync(r -> r.model("m").prompt("Hi"));
  }

  private static String text(OpenAiKServe openai) {
    return openai.completions().create(r -> r.model("m").prompt("Hi")).text();
  }
}
