package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.ServerErrors;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.EndpointSource;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.LogCapture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No prompt, no answer and no key is in a log above DEBUG, whatever fails; nor in an exception's
 * message, unless the model server quotes it.
 */
final class SecrecyTest {
  private static final String PROMPT = "canary-prompt-7f3a";
  private static final String ANSWER = "canary-answer-91bc";
  private static final String KEY = "canary-key-55de";

  @RegisterExtension
  private final LogCapture log = new LogCapture("io.github.openaikserve", Level.DEBUG);

  /** What can go wrong, each with a backend that answers the canary first. */
  static Stream<ScriptedResponse> failures() {
    ScriptedResponse said = ScriptedResponse.of(List.of(token(ANSWER)));
    return Stream.concat(
        Stream.of(BackendCode.values())
            .map(code -> said.thenFails(new BackendException(code, "It failed."))),
        Stream.of(
            said,
            said.thenHangs(),
            ScriptedResponse.of(List.of()),
            ScriptedResponse.of(List.of(InferResponse.of(Tensor.text("other", ANSWER)))),
            ScriptedResponse.of(List.of(InferResponse.of(Tensor.ints("token", 1)))),
            ScriptedResponse.of(List.of()).thenHangs()));
  }

  private static InferResponse token(String text) {
    return InferResponse.of(Tensor.text("token", text));
  }

  @Test
  void aCallPrintsNeitherHeadersNorContents() {
    var call =
        InferCall.of(
                Rpc.MODEL_INFER, InferRequest.of("m", "", List.of(Tensor.text("prompt", PROMPT))))
            .withMetadata(Map.of("authorization", "Bearer " + KEY));

    assertThat(call.toString()).contains("m").doesNotContain(PROMPT, KEY);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void promptsAndAnswersAreInNoLogAndNoExceptionMessage(ScriptedResponse reply) {
    var time = new ManualScheduler();
    var backend =
        BalancedBackend.builder(
                EndpointSource.of("gpu-1:8001"), endpoint -> FakeBackend.answering(call -> reply))
            .circuitBreaker(CircuitBreakerPolicy.builder().consecutiveFailures(2).build())
            .scheduler(time)
            .build();
    var openai =
        OpenAiKServe.builder(backend)
            .scheduler(time)
            .forwardHeaders("authorization")
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .chatTemplate(ChatTemplates.CHATML)
                        .emulateResponseFormat(true)
                        .timeout(Duration.ofSeconds(10))
                        .concurrencyLimit(ConcurrencyLimit.builder().max(1).queue(1).build()))
            .build();
    List<Throwable> failures = new ArrayList<>();
    List<CompletableFuture<ApiResponse>> responses = new ArrayList<>();

    for (String body : bodies()) {
      responses.add(openai.httpHandler().handle(post(body)));
      openai
          .with(o -> o.header("authorization", "Bearer " + KEY))
          .chatCompletions()
          .createAsync(
              CreateChatCompletionRequest.builder()
                  .user(PROMPT)
                  .responseFormat(Map.of("type", "json_object"))
                  .build())
          .whenComplete((done, failure) -> keep(failure, failures));
      openai
          .completions()
          .createAsync(r -> r.prompt(PROMPT).suffix(PROMPT))
          .whenComplete((done, failure) -> keep(failure, failures));
    }
    time.advance(Duration.ofMinutes(1));

    assertThat(responses).allMatch(CompletableFuture::isDone);
    assertThat(failures).isNotEmpty();
    for (Throwable failure : failures) {
      assertThat(messages(failure)).doesNotContain(PROMPT, ANSWER, KEY);
    }
    for (ILoggingEvent event : log.events()) {
      assertThat(event.getFormattedMessage() + messages(event.getThrowableProxy()))
          .doesNotContain(PROMPT, ANSWER, KEY);
    }
  }

  /** A server that quotes the prompt, in a status and in a message on a stream that has begun. */
  static Stream<ScriptedResponse> quotes() {
    return Stream.of(BackendCode.values())
        .map(code -> ServerErrors.of(code, "cannot tokenize: " + PROMPT + "\nTraceback"))
        .flatMap(
            failure ->
                Stream.of(
                    ScriptedResponse.of(List.of()).thenFails(failure),
                    ScriptedResponse.of(List.of(token("Once"))).thenFails(failure)));
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void serverTextReachesTheCallerButNoLogAboveDebug(ScriptedResponse reply) {
    var openai =
        OpenAiKServe.builder(FakeBackend.answering(call -> reply))
            .model("m", Dialects.ANYSERVE)
            .build();

    for (String body : bodies()) {
      openai.httpHandler().handle(post(body)).join();
    }

    List<ILoggingEvent> seen =
        log.events().stream()
            .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
            .toList();
    for (ILoggingEvent event : seen) {
      assertThat(event.getFormattedMessage() + messages(event.getThrowableProxy()))
          .doesNotContain(PROMPT);
    }
    if (Objects.requireNonNull(reply.failure()).status() >= 500) {
      assertThat(seen).anyMatch(event -> event.getFormattedMessage().contains("request failed"));
    }
  }

  private static List<String> bodies() {
    String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]";
    return List.of(
        "{" + messages + "}",
        "{\"stream\":true," + messages + "}",
        "{\"stream\":\"" + PROMPT + "\"," + messages + "}",
        "{\"messages\":\"" + PROMPT + "\"}",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
            + "{\"url\":\""
            + PROMPT
            + "\"}}]}]}",
        "{\"seed\":1,\"n\":3," + messages + "}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"");
  }

  private static ApiRequest post(String body) {
    return new ApiRequest(
        "POST",
        "/v1/chat/completions",
        Map.of("authorization", List.of("Bearer " + KEY)),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static void keep(@Nullable Throwable failure, List<Throwable> failures) {
    if (failure != null) {
      failures.add(failure instanceof CompletionException ? failure.getCause() : failure);
    }
  }

  private static String messages(@Nullable Throwable failure) {
    var all = new StringBuilder();
    for (Throwable t = failure; t != null; t = t.getCause()) {
      all.append(t).append('\n');
    }
    return all.toString();
  }

  private static String messages(@Nullable IThrowableProxy failure) {
    var all = new StringBuilder();
    for (IThrowableProxy t = failure; t != null; t = t.getCause()) {
      all.append(t.getMessage()).append('\n');
    }
    return all.toString();
  }
}
