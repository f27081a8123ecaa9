package io.github.openaikserve.internal.messages;

import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.anthropic.MessageStreamEvent;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.answer.ChatForm;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.field.FieldNames;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The conversion of a Messages API request to a chat. Used for one answer. */
public final class MessageChat implements ChatForm<MessageStreamEvent, Message> {
  private static final String BUDGET = "thinking_token_budget";

  private static final FieldNames NAMES =
      new FieldNames(
          "messages",
          Map.of(
              BUDGET,
              "thinking.budget_tokens",
              "reasoning_effort",
              "output_config.effort",
              "response_format",
              "output_config.format",
              "max_completion_tokens",
              "max_tokens",
              "stop",
              "stop_sequences",
              "parallel_tool_calls",
              "tool_choice.disable_parallel_tool_use",
              "continue_final_message",
              "messages",
              "user",
              "metadata.user_id"));

  private final CreateMessageRequest request;
  private final MessageExtraFields extra;
  private final MessageTools tools;
  private final MessageConversation conversation;
  private final CreateChatCompletionRequest chat;

  private MessageChat(CreateMessageRequest request, boolean rejectsHostedTools) {
    this.request = request;
    extra = new MessageExtraFields(request.extra());
    tools = MessageTools.of(request, rejectsHostedTools);
    conversation = MessageConversation.of(request);
    chat = toChat();
  }

  /**
   * Converts a request to a chat.
   *
   * @param rejectsHostedTools whether tools that Anthropic hosts are rejected
   * @throws InvalidRequestException naming the field that is invalid or not supported
   */
  static MessageChat of(CreateMessageRequest request, boolean rejectsHostedTools) {
    try {
      return new MessageChat(request, rejectsHostedTools);
    } catch (InvalidRequestException e) {
      throw NAMES.renamed(e);
    }
  }

  private CreateChatCompletionRequest toChat() {
    var builder =
        CreateChatCompletionRequest.builder()
            .model(request.model())
            .messages(conversation.messages())
            .maxCompletionTokens(request.maxTokens())
            .temperature(request.temperature())
            .topP(request.topP())
            .stop(request.stopSequences().isEmpty() ? null : request.stopSequences())
            .reasoningEffort(request.effort())
            .responseFormat(responseFormat())
            .toolChoice(tools.choice())
            .parallelToolCalls(tools.parallel());
    if (!tools.functions().isEmpty()) {
      builder.tools(tools.functions());
    }
    extra.copyTo(builder);
    addExtra(builder, "top_k", request.topK());
    addExtra(builder, "user", request.userId());
    addExtra(builder, BUDGET, budget());
    if (conversation.continuesLast()) {
      builder.extra("continue_final_message", true);
    }
    return builder.build();
  }

  private static void addExtra(
      CreateChatCompletionRequest.Builder builder, String name, @Nullable Object value) {
    if (value != null) {
      builder.extra(name, value);
    }
  }

  /** Returns the maximum number of reasoning tokens; null to let the model choose. */
  private @Nullable Integer budget() {
    Map<String, @Nullable Object> thinking = request.thinking();
    String type = thinking == null ? "adaptive" : String.valueOf(thinking.get("type"));
    return switch (type) {
      case "adaptive", "between_tools" -> null;
      case "disabled" -> 0;
      case "enabled" -> budget(thinking == null ? null : thinking.get("budget_tokens"));
      default ->
          throw InvalidRequestException.badValue(
              "thinking.type",
              "invalid_value",
              "Invalid 'thinking.type': expected 'enabled', 'disabled' or 'adaptive'.");
    };
  }

  private static int budget(@Nullable Object tokens) {
    if (tokens instanceof Number number
        && number.longValue() >= 1
        && number.longValue() <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw InvalidRequestException.badValue(
        "thinking.budget_tokens",
        "invalid_value",
        "Invalid 'thinking.budget_tokens': expected a positive number of tokens.");
  }

  private boolean isThinkingDisabled() {
    return Integer.valueOf(0).equals(chat.extra().get(BUDGET));
  }

  /** Returns the text format as a chat's {@code response_format}; null for any text. */
  private @Nullable Map<String, @Nullable Object> responseFormat() {
    Map<String, @Nullable Object> format = request.outputFormat();
    if (format == null) {
      return null;
    }
    if (!"json_schema".equals(format.get("type")) || !(format.get("schema") instanceof Map<?, ?>)) {
      throw InvalidRequestException.badValue(
          "output_config.format",
          "invalid_value",
          "Invalid 'output_config.format': expected the type 'json_schema' and a schema.");
    }
    return Map.of(
        "type",
        "json_schema",
        "json_schema",
        Map.of("name", "output", "schema", format.get("schema"), "strict", true));
  }

  @Override
  public CallKind kind() {
    return CallKind.MESSAGE;
  }

  @Override
  public CreateChatCompletionRequest chat() {
    return chat;
  }

  @Override
  public String idPrefix() {
    return "msg_";
  }

  @Override
  public AnswerSink chunks(AnswerMetadata head, Consumer<? super MessageStreamEvent> output) {
    return new MessageSink(this, head, output);
  }

  @Override
  public AnswerSink whole(AnswerMetadata head, Consumer<? super Message> output) {
    return new MessageSink(this, head, new MessageAccumulator(output));
  }

  @Override
  public List<String> droppedParams(Prepared prepared) {
    Set<String> names = new LinkedHashSet<>();
    prepared.droppedParams().stream()
        .filter(
            name ->
                !name.equals(BUDGET)
                    || !isThinkingDisabled()) // the model has no reasoning to disable
        .map(NAMES::of)
        .forEach(names::add);
    names.addAll(
        FieldNames.shown(
            Stream.of(tools.leftOut().stream(), conversation.leftOut().stream(), extra.lost())
                .flatMap(part -> part)));
    return List.copyOf(names);
  }

  @Override
  public InvalidRequestException renamed(InvalidRequestException failure) {
    return NAMES.renamed(failure);
  }

  /** Returns the name of the tool that a function represents. */
  String tool(String function) {
    return tools.name(function);
  }

  /** Returns whether a stop sequence comes from the request; if not, it is the model's. */
  boolean isStopSequence(String sequence) {
    return request.stopSequences().contains(sequence);
  }

  /** Returns whether thinking is omitted from the answer. */
  boolean omitsThinking() {
    Map<String, @Nullable Object> thinking = request.thinking();
    return thinking != null && "omitted".equals(thinking.get("display"));
  }
}
