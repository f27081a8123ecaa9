package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.grpc.ServedModel.Trait;
import io.github.openaikserve.grpc.servers.ModelServer;
import io.github.openaikserve.grpc.servers.Script;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.FinishReason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a caller gets whatever server is behind, over real netty: whole and streamed answers, stops,
 * limits, usage, failures before and after the first token, cancellation, fields without a tensor.
 *
 * <p>A test of another server extends this, and says of which models:
 *
 * <pre>{@code
 * @ParameterizedClass
 * @MethodSource("models")
 * final class AcmeConversationsTest extends DialectConversations {
 *   AcmeConversationsTest(ServedModel model) {
 *     super(model);
 *   }
 *
 *   static List<ServedModel> models() {
 *     return List.of(ServedModel.fixed("acme", AcmeServer::start, "m", Dialects.ACME, STREAMS, LIMITS));
 *   }
 * }
 * }</pre>
 *
 * <p>Its server generates what {@link Script} says for a prompt, and a token of the script is one
 * of the model's. Each test has a server of its own.
 */
abstract class DialectConversations {
  /** Sets every field that is dropped if it has no tensor, to a value other than the default. */
  static final Consumer<CreateCompletionRequest.Builder> HINTS =
      r ->
          r.seed(7L)
              .temperature(0.5)
              .topP(0.5)
              .presencePenalty(0.5)
              .frequencyPenalty(0.5)
              .logitBias(Map.of("7", 1.0))
              .extra("top_k", 5)
              .extra("min_p", 0.1)
              .extra("repetition_penalty", 1.1)
              .extra("min_tokens", 1)
              .extra("ignore_eos", true)
              .extra("skip_special_tokens", false);

  /** Fields that are refused if they have no tensor. */
  static final Map<String, String> MEANINGS =
      Map.of(
          "logprobs", "1",
          "best_of", "2",
          "suffix", "\"x\"",
          "stop_token_ids", "[7]");

  private static final long PATIENCE = 20;
  private static final String TEXT = String.join("", Script.TOKENS);

  /** The model of this run. */
  final ServedModel model;

  /** Its server. */
  ModelServer server;

  /** The backend of the server. */
  GrpcBackend backend;

  /** OpenAI's API over it. */
  OpenAiKServe openai;

  DialectConversations(ServedModel model) {
    this.model = model;
  }

  @BeforeEach
  void begin() throws Exception {
    server = model.start().server();
    backend = connect(server);
    var dialect = model.dialect().over(backend);
    openai =
        OpenAiKServe.builder(backend)
            .model("m", m -> m.dialect(dialect).modelName(model.name()))
            .build();
  }

  /** Creates a backend for a server; overridden for servers that need other settings. */
  GrpcBackend connect(ModelServer server) {
    return Servers.connect(server.target());
  }

  @AfterEach
  void end() {
    if (backend != null) {
      backend.close();
    }
    server.close();
  }

  @Test
  void aCompletionIsTheWholeText() {
    Completion answer = openai.completions().create(r -> r.prompt("tell me a story"));

    assertThat(answer.text()).isEqualTo(TEXT);
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.usage()).isEqualTo(usage(answer, "tell me a story"));
    assertThat(server.streams()).isEqualTo(model.has(Trait.UNARY) ? 0 : 1);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aCompletionIsStreamed() {
    List<Completion> pieces = streamed(r -> r.prompt("tell me a story"));

    assertThat(texts(pieces)).isEqualTo(TEXT);
    assertThat(pieces.stream().filter(piece -> !piece.text().isEmpty()).count())
        .isEqualTo(model.has(Trait.STREAMS) ? Script.TOKENS.size() : 1);
    assertThat(reason(pieces)).isEqualTo(FinishReason.STOP);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aStreamEndsWithTheRequestedUsage() {
    List<Completion> pieces = streamed(r -> r.prompt("tell me a story").includeUsage());

    CompletionUsage usage = Objects.requireNonNull(pieces.get(pieces.size() - 1).usage());
    assertThat(usage.estimated()).isEqualTo(!model.has(Trait.COUNTS));
    if (model.has(Trait.STREAMS) || model.has(Trait.COUNTS)) {
      assertThat(usage.completionTokens()).isEqualTo(Script.TOKENS.size());
    }
  }

  @Test
  void aChatIsAnswered() {
    ChatCompletion answer =
        openai.chatCompletions().create(r -> r.system("Be brief.").user("tell me a story"));

    assertThat(answer.text()).isEqualTo(TEXT);
    assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.usage()).isNotNull();
  }

  @Test
  void aChatIsStreamed() {
    List<ChatCompletionChunk> chunks = new ArrayList<>();

    try (var stream = openai.chatCompletions().stream(r -> r.user("tell me a story"))) {
      stream.forEach(chunks::add);
    }

    assertThat(String.join("", chunks.stream().map(ChatCompletionChunk::text).toList()))
        .isEqualTo(TEXT);
    assertThat(chunks.get(chunks.size() - 1).choices().get(0).finishReason())
        .isEqualTo(FinishReason.STOP);
  }

  @Test
  void aStopSequenceIsNotInTheText() {
    Consumer<CreateCompletionRequest.Builder> request =
        r -> r.prompt("tell me a story").stop(List.of("nowhere", " a"));

    Completion whole = openai.completions().create(request);
    List<Completion> pieces = streamed(request);

    assertThat(whole.text()).isEqualTo("Once upon");
    assertThat(whole.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(texts(pieces)).isEqualTo("Once upon");
    assertThat(reason(pieces)).isEqualTo(FinishReason.STOP);
  }

  @Test
  void theTokenLimitIsEnforced() {
    Assumptions.assumeTrue(model.has(Trait.LIMITS) || model.has(Trait.STREAMS));
    boolean told = model.has(Trait.REASONS) || model.has(Trait.COUNTS);
    Consumer<CreateCompletionRequest.Builder> request =
        r -> r.prompt("tell me a story").maxTokens(3);

    List<Completion> pieces = streamed(request);

    assertThat(texts(pieces)).isEqualTo("Once upon a");
    if (told || model.has(Trait.STREAMS)) {
      assertThat(reason(pieces)).isEqualTo(FinishReason.LENGTH);
    }
    if (model.has(Trait.LIMITS)) {
      Completion whole = openai.completions().create(request);
      assertThat(whole.text()).isEqualTo("Once upon a");
      if (told) {
        assertThat(whole.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
      }
    }
  }

  @Test
  void eachChoiceIsASeparateGeneration() {
    Completion answer = openai.completions().create(r -> r.prompt("tell me a story").n(2));

    assertThat(answer.choices()).extracting(Completion.Choice::text).containsExactly(TEXT, TEXT);
    assertThat(answer.choices()).extracting(Completion.Choice::index).containsExactly(0, 1);
    assertThat(server.requests()).hasSize(2);
    if (model.has(Trait.COUNTS)) {
      assertThat(answer.usage()).isEqualTo(new CompletionUsage(4, 10, false));
    }
  }

  @Test
  void thePromptIsEchoedOnlyIfRequested() {
    Completion answer = openai.completions().create(r -> r.prompt("tell me a story").echo(true));

    assertThat(answer.text()).isEqualTo("tell me a story" + TEXT);
  }

  @Test
  void aFailureBeforeTheFirstTokenIsAStatus() throws Exception {
    for (boolean stream : List.of(false, true)) {
      Answer answer = post(body(Script.FAIL_FIRST, stream));

      assertThat(answer.status).isEqualTo(model.failure().status());
      assertThat(answer.body).startsWith("{\"error\":").contains(model.failure().value());
      assertThat(answer.body).doesNotContain("Traceback");
    }
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> openai.completions().create(r -> r.prompt(Script.FAIL_FIRST)))
        .satisfies(e -> assertThat(e.backendCode()).isEqualTo(model.failure()))
        .satisfies(e -> assertThat(e.partialText()).isEmpty());
  }

  @Test
  void aFailureAfterTheFirstTokenIsAnEventWithoutAFinishReason() throws Exception {
    Answer answer = post(body(Script.FAIL_LATER, true));

    if (model.has(Trait.STREAMS)) {
      assertThat(answer.status).isEqualTo(200);
      assertThat(answer.body).contains("\"text\":\"Once\"").contains("{\"error\":");
      assertThat(answer.body).doesNotContain("[DONE]").doesNotContain("\"finish_reason\":\"");
    } else {
      assertThat(answer.status).isEqualTo(model.laterFailure().status());
    }
  }

  @Test
  void aFailureAfterTheFirstTokenReportsTheTextSoFar() {
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> openai.completions().create(r -> r.prompt(Script.FAIL_LATER)))
        .satisfies(e -> assertThat(e.backendCode()).isEqualTo(model.laterFailure()))
        .satisfies(e -> assertThat("Once upon").startsWith(e.partialText()));
    Assumptions.assumeTrue(model.has(Trait.STREAMS));

    List<String> texts = new ArrayList<>();
    try (var stream = openai.completions().stream(r -> r.prompt(Script.FAIL_LATER))) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> stream.forEach(piece -> texts.add(piece.text())))
          .satisfies(e -> assertThat(e.backendCode()).isEqualTo(model.laterFailure()));
    }

    assertThat(String.join("", texts)).isEqualTo("Once upon");
  }

  @Test
  void cancellingAStreamReachesTheServer() throws Exception {
    Assumptions.assumeTrue(model.has(Trait.STREAMS));

    try (var stream = openai.completions().stream(r -> r.prompt(Script.HANG))) {
      Iterator<Completion> pieces = stream.iterator();
      assertThat(pieces.next().text()).isEqualTo("Once");
    }

    assertThat(server.receivesCancellation()).isTrue();
  }

  @Test
  void cancellingAWholeAnswerReachesTheServer() throws Exception {
    var answer =
        openai
            .completions()
            .createAsync(CreateCompletionRequest.builder().prompt(Script.HANG).build());
    assertThat(server.isAsked()).isTrue();

    answer.cancel(true);

    assertThat(server.receivesCancellation()).isTrue();
  }

  @Test
  void fieldsWithoutATensorAreDroppedAndNamed() {
    Completion answer = openai.completions().create(r -> HINTS.accept(r.prompt("tell me a story")));

    assertThat(answer.text()).isEqualTo(TEXT);
    assertThat(new TreeSet<>(answer.droppedParams())).isEqualTo(new TreeSet<>(model.drops()));
  }

  @Test
  void unsupportedFieldsThatWouldChangeTheMeaningAreRefusedBeforeSending() throws Exception {
    for (String field : model.refuses()) {
      Answer answer = post("{\"prompt\":\"p\",\"%s\":%s}".formatted(field, MEANINGS.get(field)));

      assertThat(answer.status).as(field).isEqualTo(400);
      assertThat(answer.body).contains("\"param\":\"" + field + "\"");
    }
    assertThat(server.requests()).isEmpty();
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> openai.completions().create(r -> r.prompt("p").suffix("x")));
  }

  /** An answer to a request over HTTP. */
  record Answer(int status, String body) {}

  /** Requests a completion over HTTP. */
  final Answer post(String json) throws Exception {
    byte[] request = json.getBytes(StandardCharsets.UTF_8);
    ApiResponse response =
        openai
            .httpHandler()
            .handle(new ApiRequest("POST", "/v1/completions", Map.of(), request))
            .get(PATIENCE, TimeUnit.SECONDS);
    var bytes = new ByteArrayOutputStream();
    response.body().writeTo(bytes);
    return new Answer(response.status(), bytes.toString(StandardCharsets.UTF_8));
  }

  /** Returns all texts of a streamed completion. */
  final List<Completion> streamed(Consumer<CreateCompletionRequest.Builder> request) {
    List<Completion> pieces = new ArrayList<>();
    try (var stream = openai.completions().stream(request)) {
      stream.forEach(pieces::add);
    }
    return pieces;
  }

  private static String body(String prompt, boolean stream) {
    return "{\"prompt\":\"%s\",\"stream\":%s}".formatted(prompt, stream);
  }

  private static String texts(List<Completion> pieces) {
    return String.join("", pieces.stream().map(Completion::text).toList());
  }

  /** Returns the only finish reason. */
  private static FinishReason reason(List<Completion> pieces) {
    List<FinishReason> reasons =
        pieces.stream()
            .flatMap(piece -> piece.choices().stream())
            .map(Completion.Choice::finishReason)
            .filter(reason -> reason != null)
            .toList();
    assertThat(reasons).hasSize(1);
    return reasons.get(0);
  }

  /** Returns the expected usage: the model's counts, or the estimated ones of the answer. */
  private CompletionUsage usage(Completion answer, String prompt) {
    if (model.has(Trait.COUNTS)) {
      return new CompletionUsage(prompt.split(" ").length, Script.TOKENS.size(), false);
    }
    CompletionUsage usage = Objects.requireNonNull(answer.usage());
    assertThat(usage.estimated()).isTrue();
    assertThat(usage.completionTokens()).isPositive();
    return usage;
  }
}
