package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.chat.ToolCallFormat;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prepares a chat request. */
public final class ChatPreparation {
  private final Route route;
  private final CreateChatCompletionRequest request;
  private final boolean legacyFunctions;
  private final ToolChoice tools;
  private final Map<RequestField, Object> fields;

  private final Map<String, FieldHandling> handlings;

  private ChatPreparation(
      Route route, CreateChatCompletionRequest request, boolean legacyFunctions) {
    this.route = route;
    this.request = request;
    this.legacyFunctions = legacyFunctions;
    tools = ToolChoice.of(request);
    RequestFields requested = RequestFields.of(route, request, tools);
    fields = requested.values();
    handlings = FieldHandlings.of(route, requested);
    handlings.put(RequestField.MESSAGES.jsonName(), FieldHandling.EMULATED);
  }

  /**
   * Returns the generation that a request asks for.
   *
   * @param legacyFunctions whether the client sent {@code functions} and expects a {@code
   *     function_call}
   * @throws InvalidRequestException naming what is wrong or not supported
   */
  public static Prepared of(
      Route route, CreateChatCompletionRequest request, boolean legacyFunctions) {
    LimitCheck.check(route.limits(), request, legacyFunctions);
    ToolMessages.check(request.messages());
    return new ChatPreparation(route, request, legacyFunctions).prepare();
  }

  private Prepared prepare() {
    LimitCheck.check(route.limits(), fields);
    List<String> dropped = FieldHandlings.dropped(route, handlings);
    MediaParts.check(route, request.messages());
    AnswerFormat format = format();
    if (format != null && fields.containsKey(RequestField.CONTINUE_FINAL_MESSAGE)) {
      throw InvalidRequestException.badValue(
          RequestField.CONTINUE_FINAL_MESSAGE.jsonName(),
          "unsupported_value",
          "Invalid 'continue_final_message': model '%s' cannot check a 'response_format' of which the request has the beginning."
              .formatted(route.id()));
    }
    List<ChatCompletionRequestMessage> messages =
        format == null ? request.messages() : format.askedFor(request.messages());
    ChatPrompt prompt = prompt(messages);
    OutputPlan plan = plan();
    fields.put(RequestField.PROMPT, prompt.text() + plan.opening());
    if (plan.needsSpecialTokens()
        && route.requireDialect().carries(RequestField.SKIP_SPECIAL_TOKENS)) {
      fields.putIfAbsent(RequestField.SKIP_SPECIAL_TOKENS, false);
    }
    putCallStructures(plan);
    MediaParts.put(fields, prompt.media());
    List<String> stops = addStops(prompt);
    return new Prepared(
        route,
        List.of(new Generation(route.modelName(), route.modelVersion(), fields)),
        request.n() == null ? 1 : request.n(),
        prompt.trimsAnswer(),
        plan,
        stops,
        format,
        handlings,
        dropped);
  }

  private ChatPrompt prompt(List<ChatCompletionRequestMessage> messages) {
    boolean continues = fields.containsKey(RequestField.CONTINUE_FINAL_MESSAGE);
    List<ChatCompletionRequestMessage> written =
        continues ? FinalMessage.marked(messages) : messages;
    boolean answers = !continues && !fields.containsKey(RequestField.ADD_GENERATION_PROMPT);
    ChatPrompt prompt =
        route
            .chat()
            .template()
            .render(new Conversation(written, tools.tools(), templateArguments(), answers));
    return continues ? FinalMessage.open(prompt) : prompt;
  }

  private void putCallStructures(OutputPlan plan) {
    if (route.requireDialect().carries(RequestField.TOOL_CALL_STRUCTURES)) {
      Map<String, Object> structures = CallStructures.of(plan);
      if (structures != null) {
        fields.put(RequestField.TOOL_CALL_STRUCTURES, structures);
      }
    }
  }

  /**
   * Adds the template's stop sequences that the server has to receive, and returns all at which the
   * text is cut. Those of the template come first.
   */
  private List<String> addStops(ChatPrompt prompt) {
    if (fields.containsKey(RequestField.INCLUDE_STOP_STR_IN_OUTPUT)) {
      return List.of(); // the server would leave those of the template in the text too
    }
    List<String> requested = Prepared.requestedStops(fields);
    List<String> sent = new ArrayList<>(prompt.stopSequences());
    if (route.requireDialect().knowsEndTokens()) {
      sent.removeAll(prompt.endTokens());
    }
    sent.addAll(requested);
    if (!sent.isEmpty()) {
      fields.put(RequestField.STOP, List.copyOf(sent));
    }
    List<String> all = new ArrayList<>(prompt.stopSequences());
    all.addAll(requested);
    return all;
  }

  private @Nullable AnswerFormat format() {
    Object format = fields.get(RequestField.RESPONSE_FORMAT);
    return format == null || route.requireDialect().carries(RequestField.RESPONSE_FORMAT)
        ? null
        : AnswerFormat.of((Map<?, ?>) format);
  }

  private OutputPlan plan() {
    ToolCallFormat format = tools.tools().isEmpty() ? null : route.chat().toolCalls();
    return new OutputPlan(
        route.chat().reasoning(),
        format,
        tools.tools(),
        format == null ? "" : opening(format),
        legacyFunctions
            || tools.function() != null
            || Boolean.FALSE.equals(request.parallelToolCalls()),
        tools.function() != null,
        legacyFunctions);
  }

  /** The beginning of the answer, where it must be a call. */
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
                    "Invalid 'tool_choice': model '%s' does not support a required function call."
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
