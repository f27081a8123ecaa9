package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelCheck.Outcome;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testsupport.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The models of servers that list them. */
final class DiscoveredModelsTest {
  private final ManualScheduler time = new ManualScheduler();
  private final DescribedServer server = new DescribedServer();
  @RegisterExtension private final LogCapture log = new LogCapture(DiscoveredModels.class);

  @Test
  void everyModelWhoseDialectIsDetectedIsServed() {
    server.hasText("writer").hasPictures("painter").hasVectors("encoder");
    OpenAiKServe openai = builder(server).discover().build();

    assertThat(names(openai)).containsExactly("writer", "encoder");
    assertThat(text(openai, "writer")).isEqualTo("from writer");
  }

  @Test
  void theServerIsNotAskedBeforeTheFirstRequest() {
    OpenAiKServe.builder(server.hasText("writer")).discover().build();

    assertThat(server.listings).hasValue(0);
    assertThat(server.descriptions).hasValue(0);
  }

  @Test
  void aModelOfAnUnknownDialectIsNotServedAndTheCheckReportsWhy() {
    server.hasText("writer").hasPictures("painter");
    OpenAiKServe openai = builder(server).discover().build();

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
        .contains("'painter'", "none of its inputs is a known name for a prompt", "pixels FP32");
  }

  @Test
  void modelsThatAppearAreServedAndThoseThatVanishAreNot() {
    OpenAiKServe openai = builder(server.hasText("a")).discover().build();
    assertThat(names(openai)).containsExactly("a");

    server.lacks("a").hasText("b");
    time.advance(Duration.ofSeconds(2));

    assertThat(text(openai, "b")).isEqualTo("from b");
    assertThat(names(openai)).containsExactly("b");
    assertThat(
            catchThrowableOfType(InvalidRequestException.class, () -> text(openai, "a")).status())
        .isEqualTo(404);
  }

  @Test
  void manyRequestsForUnknownModelsAskTheServerOnce() {
    OpenAiKServe openai = builder(server.hasPictures("painter")).discover().build();

    for (int i = 0; i < 50; i++) {
      String name = i % 2 == 0 ? "nobody-" + i : "painter";
      assertThatThrownBy(() -> text(openai, name)).isInstanceOf(InvalidRequestException.class);
    }

    assertThat(server.listings).hasValue(1);
    assertThat(server.descriptions).hasValue(1);
  }

  @Test
  void anUnknownDialectIsDetectedAgainAfterAMinute() {
    OpenAiKServe openai = builder(server.hasPictures("m")).discover().build();
    assertThat(names(openai)).isEmpty();
    server.hasText("m");

    time.advance(Duration.ofSeconds(30));
    assertThat(names(openai)).isEmpty();

    time.advance(Duration.ofSeconds(31));
    assertThat(names(openai)).containsExactly("m");
  }

  @Test
  void aConfiguredDialectIsNotDetectedAndConfiguredModelsComeFirst() {
    server.hasText("a").hasPictures("b");
    OpenAiKServe openai =
        builder(server)
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
        builder(server.hasText("here")).discover().discover(other, m -> {}).build();

    assertThat(names(openai)).containsExactly("here", "there");
    assertThat(text(openai, "there")).isEqualTo("from there");
  }

  @Test
  void aDiscoveredModelKeepsItsDateAndAConfiguredOneItsName() {
    var seconds = new AtomicLong(1_700_000_000);
    OpenAiKServe openai =
        builder(server.hasText("a").hasText("b"))
            .clock(() -> Instant.ofEpochSecond(seconds.getAndIncrement()))
            .model(
                "mine",
                m -> m.detect(true).modelName("a").alias("a").created(Instant.ofEpochSecond(7)))
            .discover()
            .build();

    List<Model> first = openai.models().list().data();
    time.advance(Duration.ofSeconds(2));

    assertThat(first).extracting(Model::id).containsExactly("mine", "a", "b");
    assertThat(first.get(0).created()).isEqualTo(7);
    assertThat(openai.models().list().data()).isEqualTo(first);
  }

  @Test
  void aRequestHasToNameAModelIfNoneIsTheDefault() {
    OpenAiKServe openai = builder(server.hasText("a")).discover().build();
    var unnamed = CreateCompletionRequest.builder().prompt("p").build();

    CompletableFuture<Completion> failed = openai.completions().createAsync(unnamed);

    var refusal = catchThrowableOfType(CompletionException.class, failed::join).getCause();
    assertThat(refusal)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            missing -> {
              assertThat(missing.param()).isEqualTo("model");
              assertThat(missing.status()).isEqualTo(400);
            });
  }

  @Test
  void theConsumerReceivesTheModelItConfigures() {
    OpenAiKServe openai =
        builder(server.hasText("a").hasText("b"))
            .discover(each -> each.ownedBy("owner of " + each.id()))
            .build();

    assertThat(openai.models().list().data())
        .extracting(Model::ownedBy)
        .containsExactly("owner of a", "owner of b");
  }

  @Test
  void aConsumerThatThrowsHidesOnlyItsModelUntilItSucceeds() {
    var failure =
        new AtomicReference<@Nullable Throwable>(new LinkageError("a library is missing"));
    OpenAiKServe openai =
        builder(server.hasText("a").hasText("b"))
            .discover(each -> throwIf(failure.get(), each.id().equals("a")))
            .build();

    assertThat(names(openai)).containsExactly("b");
    assertThat(text(openai, "b")).isEqualTo("from b");
    assertThatThrownBy(() -> text(openai, "a")).isInstanceOf(InvalidRequestException.class);
    time.advance(Duration.ofSeconds(2));
    assertThat(openai.check())
        .extracting(ModelCheck::model, ModelCheck::outcome)
        .containsExactly(tuple("b", Outcome.FITS), tuple("a", Outcome.UNKNOWN));
    assertThat(openai.check().get(1).findings())
        .containsExactly(
            "the consumer passed to discover() failed for model 'a': java.lang.LinkageError: a"
                + " library is missing");
    assertThat(log.events()).as("the failure repeats").hasSize(1);
    assertThat(log.events().get(0).getFormattedMessage())
        .startsWith("model not served model=a reason=");
    assertThat(log.events().get(0).getThrowableProxy().getMessage())
        .isEqualTo("a library is missing");

    failure.set(new AssertionError("something else"));
    time.advance(Duration.ofSeconds(2));
    assertThat(names(openai)).containsExactly("b");
    assertThat(log.events()).as("the failure changed").hasSize(2);

    failure.set(null);
    time.advance(Duration.ofSeconds(2));
    assertThat(names(openai)).containsExactly("a", "b");
  }

  @Test
  void aServerWithoutReadyModelsIsReportedOnChange() {
    OpenAiKServe openai = builder(server).discover().build();

    for (int i = 0; i < 3; i++) {
      assertThat(openai.check())
          .containsExactly(
              new ModelCheck("", Outcome.UNKNOWN, List.of("the server lists no model as ready")));
      time.advance(Duration.ofSeconds(2));
    }
    assertThat(log.messages())
        .containsExactly("no models discovered reason=\"the server lists no model as ready\"");

    server.hasText("a");
    assertThat(openai.check()).extracting(ModelCheck::outcome).containsExactly(Outcome.FITS);
    server.lacks("a");
    time.advance(Duration.ofSeconds(2));
    assertThat(names(openai)).isEmpty();
    assertThat(log.events()).hasSize(2);
  }

  @Test
  void aServerWhoseModelsAreAllUnknownIsReportedOnChange() {
    OpenAiKServe openai = builder(server.hasPictures("a").hasPictures("b")).discover().build();

    for (int i = 0; i < 3; i++) {
      assertThat(openai.check().get(2))
          .isEqualTo(
              new ModelCheck(
                  "",
                  Outcome.UNKNOWN,
                  List.of("none of the server's 2 ready models can be served")));
      time.advance(Duration.ofSeconds(2));
    }
    assertThat(log.events()).hasSize(1);
  }

  @Test
  void aServerThatDoesNotListItsModelsIsReported() {
    OpenAiKServe openai = builder(FakeBackend.tokens("x")).discover().build();

    assertThat(names(openai)).isEmpty();
    assertThat(openai.check())
        .containsExactly(
            new ModelCheck(
                "",
                Outcome.UNKNOWN,
                List.of(
                    "the server does not list its models: name them in the configuration (option"
                        + " --model of the reference server)")));
    assertThat(log.events()).hasSize(1);
  }

  @Test
  void aBackendThatThrowsIsReportedLikeOneThatFails() {
    OpenAiKServe openai = builder(server.throwing()).discover().build();

    assertThat(names(openai)).isEmpty();
    assertThat(openai.check())
        .containsExactly(
            new ModelCheck(
                "",
                Outcome.UNREACHABLE,
                List.of("the server's models cannot be listed: a library is missing")));
    assertThatThrownBy(() -> text(openai, "a")).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aModelListThatDoesNotArriveTimesOutAfterTenSecondsAndIsRequestedAgain() {
    OpenAiKServe openai = builder(server.hasText("a").silent(true)).discover().build();
    var request = CreateCompletionRequest.builder().model("a").prompt("p").build();

    CompletableFuture<Completion> first = openai.completions().createAsync(request);
    CompletableFuture<Completion> second = openai.completions().createAsync(request);
    time.advance(Duration.ofSeconds(9));
    assertThat(first).isNotDone();
    time.advance(Duration.ofSeconds(1));

    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompletedExceptionally();
    assertThat(server.listings).hasValue(1);
    server.silent(false);
    time.advance(Duration.ofSeconds(1));
    assertThat(text(openai, "a")).isEqualTo("from a");
    openai.shutdown();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aListOfModelsWaitsTenSecondsForAllModelsThatTheServerDoesNotDescribe() {
    for (int i = 0; i < 100; i++) {
      server.hasText("m" + i);
    }
    OpenAiKServe openai = builder(server).discover().build();
    server.onListing(() -> server.silent(true));

    CompletableFuture<?> list = openai.models().listAsync();
    assertThat(list).isNotDone();
    time.advance(Duration.ofSeconds(10));

    assertThat(list).isCompleted();
    time.advance(Duration.ofMinutes(1));
    assertThat(server.descriptions)
        .as("eight at a time, twice at most")
        .hasValueLessThanOrEqualTo(16);
  }

  private static void throwIf(@Nullable Throwable failure, boolean condition) {
    if (condition && failure instanceof Error error) {
      throw error;
    }
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
