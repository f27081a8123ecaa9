package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.chat.ToolCallFormat;
import io.github.openaikserve.dialect.FieldFate;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settles a request for a chat. */
public final class ChatPreparation {
  private final Route route;
  private final CreateChatCompletionRequest request;
  private final ToolChoice tools;
  private final Map<RequestField, Object> fields;

  private ChatPreparation(
      Route route, CreateChatCompletionRequest request, ToolChoice tools, RequestFields fields) {
    this.route = route;
    this.request = request;
    this.tools = tools;
    this.fields = fields.values();
  }

  /**
   * The request, settled.
   *
   * @throws InvalidRequestException naming what cannot be done
   */
  public static Prepared of(Route route, CreateChatCompletionRequest request) {
    LimitCheck.check(route.limits(), request);
    ToolMessages.check(request.messages());
    ToolChoice tools = ToolChoice.of(request);
    RequestFields fields = RequestFields.of(request, tools);
    List<String> dropped = FieldHandlings.settle(route, fields.values());
    Map<String, FieldFate> fates = FieldHandlings.of(route, fields);
    fates.put(RequestField.MESSAGES.jsonName(), FieldFate.EMULATED);
    return new ChatPreparation(route, request, tools, fields).prepare(fates, dropped);
  }

  private Prepared prepare(Map<String, FieldFate> fates, List<String> dropped) {
    MediaParts.check(route, request.messages());
    AnswerFormat format = format();
    List<ChatCompletionRequestMessage> messages =
        format == null ? request.messages() : format.askedFor(request.messages());
    ChatPrompt prompt =
        route
            .chat()
            .template()
            .render(new Conversation(messages, tools.tools(), templateArguments()));
    OutputPlan plan = plan();
    fields.put(RequestField.PROMPT, prompt.text() + plan.opening());
    if (!plan.readsNothing() && route.requireDialect().carries(RequestField.SKIP_SPECIAL_TOKENS)) {
      // Many formats are marked by such tokens, which the server would leave out.
      fields.putIfAbsent(RequestField.SKIP_SPECIAL_TOKENS, false);
    }
    MediaParts.put(fields, prompt.media());
    Stops.put(fields, request.stop(), prompt.stopSequences());
    return new Prepared(
        route,
        List.of(new Generation(route.modelName(), route.modelVersion(), fields)),
        request.n() == null ? 1 : request.n(),
        prompt.trimsAnswer(),
        plan,
        format,
        fates,
        dropped);
  }

  private @Nullable AnswerFormat format() {
    Object format = fields.get(RequestField.RESPONSE_FORMAT);
    return format == null || route.requireDialect().carries(RequestField.RESPONSE_FORMAT)
        ? null
        : AnswerFormat.of((Map<?, ?>) format);
  }

  private OutputPlan plan() {
    ToolCallFormat format = tools.tools().isEmpty() ? null : route.chat().toolCalls();
    boolean olderForm = request.extra().containsKey("functions");
    return new OutputPlan(
        route.chat().reasoning(),
        format,
        tools.tools(),
        format == null ? "" : opening(format),
        olderForm || tools.function() != null || Boolean.FALSE.equals(request.parallelToolCalls()),
        tools.function() != null,
        olderForm);
  }

  /** What makes the answer a call where it has to be one. */
  private String opening(ToolCallFormat format) {
    if (!tools.required() || route.requireDialect().carries(RequestField.TOOL_CHOICE)) {
      return "";
    }
    boolean onlyOne = tools.tools().size() == 1;
    String function = onlyOne ? tools.tools().get(0).name() : tools.function();
    return format
        .opening(function)
        .orElseThrow(
            () ->
                InvalidRequestException.badValue(
                    RequestField.TOOL_CHOICE.jsonName(),
                    "unsupported_value",
                    "Invalid 'tool_choice': model '%s' cannot be made to call a function."
                        .formatted(route.id())));
  }

  private Map<String, @Nullable Object> templateArguments() {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    put(arguments, RequestField.REASONING_EFFORT);
    put(arguments, RequestField.VERBOSITY);
    if (fields.get(RequestField.CHAT_TEMPLATE_KWARGS) instanceof Map<?, ?> given) {
      given.forEach((name, value) -> arguments.put(String.valueOf(name), value));
    }
    return arguments;
  }

  private void put(Map<String, @Nullable Object> arguments, RequestField field) {
    Object value = fields.get(field);
    if (value != null) {
      arguments.put(field.jsonName(), value);
    }
  }
}
