package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.chat.Tokenizer;
import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.field.FieldHandlings;
import io.github.openaikserve.internal.request.field.ReasoningEffort;
import io.github.openaikserve.internal.request.field.RequestCheck;
import io.github.openaikserve.internal.request.field.RequestFields;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The preparation of chat requests. */
public final class ChatPreparation {
  private final Route route;
  private final CreateChatCompletionRequest request;
  private final boolean legacyFunctions;
  private final ToolChoice tools;
  private final Map<RequestField, Object> fields;

  private final Map<String, FieldHandling> handlings;
  private final RequestFields requested;

  private ChatPreparation(
      Route route, CreateChatCompletionRequest request, boolean legacyFunctions) {
    this.route = route;
    this.request = request;
    this.legacyFunctions = legacyFunctions;
    tools = ToolChoice.of(request);
    requested = RequestFields.of(route, request, tools.tools());
    fields = requested.values();
    handlings = FieldHandlings.of(route, requested);
    handlings.put(RequestField.MESSAGES.jsonName(), FieldHandling.EMULATED);
  }

  /**
   * Returns the prepared generation of a request.
   *
   * @param legacyFunctions whether the client sent {@code functions} and expects a {@code
   *     function_call}
   * @throws InvalidRequestException naming the field that is invalid or not supported
   */
  public static Prepared of(
      Route route, CreateChatCompletionRequest request, boolean legacyFunctions) {
    RequestCheck.check(route.limits(), request, legacyFunctions);
    ToolMessages.check(request.messages());
    return new ChatPreparation(route, request, legacyFunctions).prepare();
  }

  private Prepared prepare() {
    RequestCheck.check(route.limits(), fields);
    List<String> dropped = FieldHandlings.dropped(route, handlings);
    if (dropped.contains(RequestField.THINKING_TOKEN_BUDGET.jsonName())) {
      fields.remove(RequestField.THINKING_TOKEN_BUDGET); // otherwise it would require a stream
    }
    checkMedia();
    AnswerFormat format = format();
    if (format != null && fields.containsKey(RequestField.CONTINUE_FINAL_MESSAGE)) {
      throw FinalMessage.unsupportedFormat(route);
    }
    List<ChatCompletionRequestMessage> guarded =
        route.chat().controlTokens().guard(request.messages());
    SplitPrompt split =
        guarded.equals(request.messages())
            ? null
            : SplitPrompt.of(route, request.messages(), this::prompt).orElse(null);
    ChatPrompt prompt = split == null ? prompt(guarded, route.chat().template()) : split.prompt();
    OutputPlan plan = plan(prompt);
    if (plan.hasUncheckedGrammar()) {
      dropped.add("tools.custom.format");
    }
    fields.put(RequestField.PROMPT, prompt.text() + plan.opening());
    if (split != null && route.tokenCounter() instanceof Tokenizer tokenizer) {
      int[] ids = split.encode(tokenizer, plan.opening());
      fields.put(RequestField.PROMPT_TOKEN_IDS, ids);
    }
    if (plan.format().needsSpecialTokens()
        && route.requireDialect().carries(RequestField.SKIP_SPECIAL_TOKENS)) {
      fields.putIfAbsent(RequestField.SKIP_SPECIAL_TOKENS, false);
    }
    putCallStructures(plan);
    if (!prompt.media().isEmpty()) {
      MediaParts.put(fields, prompt.media());
    }
    List<String> stops = addStops(prompt, plan);
    return new Prepared(
        route,
        List.of(new Generation(route.modelName(), route.modelVersion(), fields)),
        request.n() == null ? 1 : request.n(),
        prompt.stripLeadingWhitespace(),
        plan,
        stops,
        format,
        handlings,
        dropped);
  }

  private void checkMedia() {
    List<ChatCompletionRequestMessage> messages = request.messages();
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).content() instanceof MessageContent.Parts content) {
        MediaParts.check(route, "messages[" + i + "]", content);
      }
    }
  }

  private ChatPrompt prompt(List<ChatCompletionRequestMessage> asked, ChatTemplate template) {
    AnswerFormat format = format();
    List<ChatCompletionRequestMessage> messages = format == null ? asked : format.askedFor(asked);
    boolean continues = fields.containsKey(RequestField.CONTINUE_FINAL_MESSAGE);
    List<ChatCompletionRequestMessage> written =
        continues ? FinalMessage.marked(messages) : messages;
    boolean answers = !continues && !fields.containsKey(RequestField.ADD_GENERATION_PROMPT);
    ChatPrompt prompt =
        template.render(
            new Conversation(
                ToolMessages.asFunctions(written), tools.tools(), chatTemplateKwargs(), answers));
    if (continues) {
      return FinalMessage.open(prompt);
    }
    ReasoningFormat reasoning = route.chat().format().reasoning();
    return reasoning != null && mayForbidReasoning()
        ? ForcedBeginning.withoutReasoning(prompt, reasoning, route, fields)
        : prompt;
  }

  /** Returns whether the request has a field that can forbid reasoning. Most have none. */
  private boolean mayForbidReasoning() {
    return fields.containsKey(RequestField.THINKING_TOKEN_BUDGET)
        || FieldHandlings.enforcesFormat(route, fields);
  }

  private void putCallStructures(OutputPlan plan) {
    if (carriesStructures()) {
      Map<String, Object> structures =
          CallStructures.of(plan, ToolMessages.calls(request.messages()));
      if (structures != null) {
        fields.put(RequestField.TOOL_CALL_STRUCTURES, structures);
      }
    }
  }

  /**
   * Adds the template's stop sequences that the server must receive. Returns all sequences at which
   * a text without reasoning and tool calls is cut, the template's first. Other text is cut by the
   * plan.
   */
  private List<String> addStops(ChatPrompt prompt, OutputPlan plan) {
    if (fields.containsKey(RequestField.INCLUDE_STOP_STR_IN_OUTPUT)) {
      return List.of(); // the server would include the template's sequences in the text too
    }
    // The request's sequences must not cut reasoning and tool calls, which a server cannot
    // distinguish.
    boolean cutsContent = !plan.stops().isEmpty();
    List<String> requested = cutsContent ? List.of() : Prepared.requestedStops(fields);
    List<String> sent = new ArrayList<>(prompt.stopSequences());
    if (route.requireDialect().knowsEndTokens()) {
      sent.removeAll(prompt.endTokens());
    }
    sent.addAll(requested);
    fields.remove(RequestField.STOP);
    if (!sent.isEmpty()) {
      fields.put(RequestField.STOP, List.copyOf(sent));
    }
    if (cutsContent) {
      handlings.put(RequestField.STOP.jsonName(), FieldHandling.EMULATED);
    }
    if (!plan.isPlainText()) {
      return List.of();
    }
    List<String> all = new ArrayList<>(Prepared.ends(route, fields, prompt));
    all.addAll(requested);
    return all;
  }

  private @Nullable AnswerFormat format() {
    Object format = fields.get(RequestField.RESPONSE_FORMAT);
    return format == null || route.requireDialect().carries(RequestField.RESPONSE_FORMAT)
        ? null
        : AnswerFormat.of((Map<?, ?>) format);
  }

  private OutputPlan plan(ChatPrompt prompt) {
    ModelFormat known = route.chat().format();
    ToolCallFormat calls = tools.tools().isEmpty() ? route.chat().content() : known.toolCalls();
    if (calls != null && isForced() && carriesStructures()) {
      calls = calls.constrainable();
    }
    boolean isText = known.reasoning() == null && calls == null;
    return new OutputPlan(
        new ModelFormat(known.reasoning(), calls),
        tools.tools(),
        tools.custom(),
        calls == null || !isForced()
            ? ""
            : ForcedBeginning.of(calls, route, tools, request.messages(), prompt.text()),
        legacyFunctions
            || tools.function() != null
            || Boolean.FALSE.equals(request.parallelToolCalls()),
        tools.function() != null,
        isText ? List.of() : Prepared.cuts(fields),
        isText ? List.of() : Prepared.ends(route, fields, prompt),
        ToolMessages.callIds(request.messages()),
        legacyFunctions);
  }

  /** Returns whether the prompt must begin a tool call, because the server cannot enforce one. */
  private boolean isForced() {
    return tools.required() && !route.requireDialect().carries(RequestField.TOOL_CHOICE);
  }

  private boolean carriesStructures() {
    return route.requireDialect().carries(RequestField.TOOL_CALL_STRUCTURES);
  }

  private Map<String, @Nullable Object> chatTemplateKwargs() {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    if (fields.get(RequestField.REASONING_EFFORT) instanceof String effort) {
      arguments.putAll(ReasoningEffort.arguments(route.chat().template(), effort));
    }
    if (fields.get(RequestField.THINKING_TOKEN_BUDGET) instanceof Integer tokens) {
      boolean switches =
          requested.isRequested(RequestField.THINKING_TOKEN_BUDGET)
              && (tokens == 0 || !requested.isRequested(RequestField.REASONING_EFFORT));
      arguments.putAll(ReasoningEffort.budget(route.chat().template(), tokens, switches));
    }
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
