package io.github.openaikserve.internal.engine;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.dialect.EmbeddingVectors;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.Completion;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.Prompt;
import io.github.openaikserve.openai.StreamOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into a call that is ready to be made. Thread-safe.
 *
 * <p>Everything that can be wrong with the request is said here, before anything is sent. Streamed
 * and whole answers take the same path; a whole one is folded from the same chunks.
 */
public final class Engine {
  private final Routes routes;
  private final Supplier<String> ids;
  private final InstantSource clock;
  private final Set<String> withoutStreams = ConcurrentHashMap.newKeySet();

  /**
   * An engine over routes.
   *
   * @param ids gives a new random word for each answer
   * @param clock tells when an answer was made
   */
  public Engine(Routes routes, Supplier<String> ids, InstantSource clock) {
    this.routes = routes;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * A chat.
   *
   * @param stream whether the answer is wanted in chunks as they come
   * @return fails with {@link InvalidRequestException}
   */
  public CompletableFuture<Call<ChatCompletionChunk, ChatCompletion>> chat(
      CreateChatCompletionRequest request, boolean stream) {
    return routes.find(request.model()).thenApply(route -> chat(route, request, stream));
  }

  /**
   * A completion.
   *
   * @param stream whether the answer is wanted in pieces as they come
   * @return fails with {@link InvalidRequestException}
   */
  public CompletableFuture<Call<Completion, Completion>> completion(
      CreateCompletionRequest request, boolean stream) {
    return routes.find(request.model()).thenApply(route -> completion(route, request, stream));
  }

  /**
   * Embeddings.
   *
   * @return fails with {@link InvalidRequestException}
   */
  public CompletableFuture<Call<EmbeddingVectors, CreateEmbeddingResponse>> embedding(
      CreateEmbeddingRequest request) {
    return routes.find(request.model()).thenApply(route -> EmbeddingCalls.of(route, request));
  }

  private Call<ChatCompletionChunk, ChatCompletion> chat(
      Route route, CreateChatCompletionRequest request, boolean stream) {
    Map<RequestField, Object> fields = RequestFields.of(request);
    ChatPrompt prompt = route.chatTemplate().render(new Conversation(request.messages()));
    List<String> dropped = FieldFates.settle(route, fields);
    fields.put(RequestField.PROMPT, prompt.text());
    putStop(fields, request.stop(), prompt.stopSequences());
    var responses = new GenerationCall(route, fields, stream, prompt.trimsAnswer(), withoutStreams);
    AnswerHead head = head("chatcmpl-", route, request.model());
    boolean usage = !stream || includeUsage(request.streamOptions());
    return new Call<>(
        responses,
        responses.reader().andThen(new ChatChunkWriter(head, usage)),
        new ChatFold(head, dropped),
        dropped);
  }

  private Call<Completion, Completion> completion(
      Route route, CreateCompletionRequest request, boolean stream) {
    Map<RequestField, Object> fields = RequestFields.of(request);
    String prompt = onlyText(request.prompt());
    List<String> dropped = FieldFates.settle(route, fields);
    fields.put(RequestField.PROMPT, prompt);
    putStop(fields, request.stop(), List.of());
    var responses = new GenerationCall(route, fields, stream, false, withoutStreams);
    AnswerHead head = head("cmpl-", route, request.model());
    boolean usage = !stream || includeUsage(request.streamOptions());
    String echo = Boolean.TRUE.equals(request.echo()) ? prompt : "";
    return new Call<>(
        responses,
        responses.reader().andThen(new CompletionChunkWriter(head, echo, usage)),
        new CompletionFold(head, dropped),
        dropped);
  }

  private AnswerHead head(String prefix, Route route, @Nullable String model) {
    return new AnswerHead(
        prefix + ids.get(), clock.instant().getEpochSecond(), model == null ? route.id() : model);
  }

  private static boolean includeUsage(@Nullable StreamOptions options) {
    return options != null && Boolean.TRUE.equals(options.includeUsage());
  }

  private static void putStop(
      Map<RequestField, Object> fields, @Nullable List<String> asked, List<String> implied) {
    List<String> stops = new ArrayList<>(implied);
    if (asked != null) {
      stops.addAll(asked);
    }
    if (!stops.isEmpty()) {
      fields.put(RequestField.STOP, List.copyOf(stops));
    }
  }

  private static String onlyText(Prompt prompt) {
    if (prompt instanceof Prompt.Texts texts && texts.size() == 1) {
      return texts.texts().get(0);
    }
    throw InvalidRequestException.badValue(
        "prompt",
        "unsupported_value",
        prompt instanceof Prompt.Tokens
            ? "Invalid 'prompt': this model takes text, not token ids."
            : "Invalid 'prompt': this model takes one prompt in a request.");
  }
}
