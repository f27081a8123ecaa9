package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.answer.ChatForm;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.openai.responses.ResponseError;
import io.github.openaikserve.openai.responses.ResponseStatus;
import io.github.openaikserve.openai.responses.ResponseStreamEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The conversion of a Responses API request to a chat. Used for one answer. */
public final class ResponseChat implements ChatForm<ResponseStreamEvent, Response> {
  private static final String LOGPROBS = "message.output_text.logprobs";

  /**
   * An extension of OpenAI's API: includes reasoning as the model wrote it instead of a summary.
   */
  private static final String REASONING_TEXT = "reasoning.text";

  private final CreateResponseRequest request;
  private final @Nullable Function<Response, CompletableFuture<Boolean>> storing;
  private final ResponseExtraFields extra;
  private final ResponseTools tools;
  private final ResponseConversation conversation;
  private final CreateChatCompletionRequest chat;
  private final Supplier<String> ids;
  private final InstantSource clock;
  private final Set<String> dropped = new LinkedHashSet<>();

  /**
   * Converts a request to a chat.
   *
   * @param request the request; its {@code store} is repeated in the response
   * @param turn the items of the chat
   * @param storing stores the response; null for none
   * @throws InvalidRequestException naming the field that is invalid or not supported
   */
  ResponseChat(
      CreateResponseRequest request,
      Turn turn,
      @Nullable Function<Response, CompletableFuture<Boolean>> storing,
      Settings settings) {
    this.request = request;
    this.storing = storing;
    this.ids = settings.ids();
    this.clock = settings.clock();
    extra = ResponseExtraFields.of(request.extra());
    tools = ResponseTools.of(request, turn, settings.rejectsHostedTools());
    conversation = ResponseConversation.of(request.instructions(), turn);
    chat = toChat();
    dropped.addAll(extra.withoutEffect());
    dropped.addAll(tools.leftOut());
    dropped.addAll(conversation.leftOut());
    if ("auto".equals(request.truncation())) {
      dropped.add("truncation");
    }
  }

  /**
   * The settings of all responses of a service.
   *
   * @param ids supplies the random part of an item's id
   * @param clock supplies the completion times of responses
   * @param rejectsHostedTools whether tools that OpenAI hosts are rejected
   */
  public record Settings(Supplier<String> ids, InstantSource clock, boolean rejectsHostedTools) {}

  private CreateChatCompletionRequest toChat() {
    List<?> functions = tools.functions();
    var builder =
        CreateChatCompletionRequest.builder()
            .model(request.model())
            .messages(conversation.messages())
            .maxCompletionTokens(request.maxOutputTokens())
            .temperature(request.temperature())
            .topP(request.topP())
            .reasoningEffort(request.reasoningEffort())
            .responseFormat(responseFormat())
            .toolChoice(tools.choice(request.toolChoice()));
    if (!functions.isEmpty()) {
      builder.tools(tools.functions()).parallelToolCalls(request.parallelToolCalls());
    }
    Integer likeliest = request.topLogprobs();
    if (request.include().contains(LOGPROBS) || (likeliest != null && likeliest > 0)) {
      builder.logprobs(true).topLogprobs(likeliest);
    }
    if (request.verbosity() != null) {
      builder.extra("verbosity", request.verbosity());
    }
    builder.extra("metadata", request.metadata()); // so that its limit holds
    extra.copyTo(builder);
    return builder.build();
  }

  /** Returns the text format as a chat's {@code response_format}; null for any text. */
  private @Nullable Map<String, @Nullable Object> responseFormat() {
    Map<String, @Nullable Object> format = request.textFormat();
    if (format == null || !"json_schema".equals(format.get("type"))) {
      return format;
    }
    Map<String, @Nullable Object> schema = new LinkedHashMap<>(format);
    schema.remove("type");
    schema.values().removeIf(value -> value == null);
    return Map.of("type", "json_schema", "json_schema", schema);
  }

  @Override
  public CallKind kind() {
    return CallKind.RESPONSE;
  }

  @Override
  public CreateChatCompletionRequest chat() {
    return chat;
  }

  @Override
  public String idPrefix() {
    return "resp_";
  }

  @Override
  public AnswerSink chunks(AnswerMetadata head, Consumer<? super ResponseStreamEvent> output) {
    return new ResponseSink(this, head, output);
  }

  @Override
  public AnswerSink whole(AnswerMetadata head, Consumer<? super Response> output) {
    return new ResponseSink(
        this,
        head,
        event -> {
          if (ResponseEvents.isLast(event)) {
            output.accept(((ResponseStreamEvent.Snapshot) event).response());
          }
        });
  }

  @Override
  public List<String> droppedParams(Prepared prepared) {
    List<String> names = new ArrayList<>();
    prepared.droppedParams().forEach(name -> names.add(ResponseFieldNames.of(name)));
    names.addAll(dropped);
    names.addAll(extra.unknown(dropped));
    return names;
  }

  @Override
  public InvalidRequestException renamed(InvalidRequestException failure) {
    return ResponseFieldNames.renamed(failure, tools);
  }

  /** Returns the request. */
  CreateResponseRequest request() {
    return request;
  }

  ResponseTools.Named tool(String function) {
    return tools.tool(function);
  }

  /** Returns whether reasoning is included as the model wrote it, instead of as a summary. */
  boolean showsReasoningText() {
    return request.include().contains(REASONING_TEXT);
  }

  /** Returns a new item id. */
  String itemId(String prefix) {
    return prefix + ids.get();
  }

  long now() {
    return clock.instant().getEpochSecond();
  }

  /**
   * Starts to store a response. Returns a future of whether it is stored; null if it is not to be
   * stored.
   */
  @Nullable CompletableFuture<Boolean> store(Response response) {
    return storing == null ? null : storing.apply(response);
  }

  /**
   * Returns a response without output.
   *
   * @param error the failure; null unless the response failed
   */
  Response empty(AnswerMetadata head, ResponseStatus status, @Nullable ResponseError error) {
    return new Response(
        head.id(),
        head.created(),
        null,
        head.model(),
        status,
        error,
        null,
        List.of(),
        null,
        request,
        head.droppedParams());
  }
}
