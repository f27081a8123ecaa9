package io.github.openaikserve.internal.decisions;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.AnswerSink;
import io.github.openaikserve.internal.answer.ChatForm;
import io.github.openaikserve.internal.answer.call.AnswerMetadata;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.FirstTokens;
import io.github.openaikserve.internal.request.Prepared;
import io.github.openaikserve.internal.request.field.FieldHandlings;
import io.github.openaikserve.internal.request.field.FieldNames;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.decisions.CreateDecisionRequest;
import io.github.openaikserve.openai.decisions.Decision;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A request for decisions as chats, one for each question. Each chat generates one token. Used for
 * one answer.
 *
 * <p>Each chat consists of the input and a question whose options are labelled with letters. An
 * option's probability is that of its letter as the first token of the answer.
 */
public final class DecisionChat implements ChatForm<Decision, Decision> {
  /** Fields of OpenAI's API that do not change answers, neither of decisions nor of chats. */
  private static final Set<String> SILENT =
      Set.of("prompt_cache_key", "prompt_cache_options", "safety_identifier", "user");

  private static final FieldNames NAMES = new FieldNames("input", Map.of("messages", "input"));

  private final CreateDecisionRequest request;
  private final List<LabelledQuestion> questions;
  private final CreateChatCompletionRequest chat;

  /** Creates the chats of a request. */
  public DecisionChat(CreateDecisionRequest request) {
    this.request = request;
    questions = request.questions().stream().map(LabelledQuestion::of).toList();
    var builder =
        CreateChatCompletionRequest.builder().model(request.model()).messages(request.input());
    request
        .extra()
        .forEach(
            (name, value) -> {
              if (SILENT.contains(name)) {
                builder.extra(name, value);
              }
            });
    chat = builder.build();
  }

  @Override
  public CallKind kind() {
    return CallKind.DECISION;
  }

  @Override
  public CreateChatCompletionRequest chat() {
    return chat;
  }

  @Override
  public Prepared prepared(Route route, CreateChatCompletionRequest chat) {
    if (route.settings().strict()) {
      for (String name : withoutEffect()) {
        throw FieldHandlings.rejected(route, name);
      }
    }
    return FirstTokens.of(
        route,
        questions.stream()
            .map(question -> chat.withMessages(question.asked(chat.messages())))
            .toList());
  }

  @Override
  public String idPrefix() {
    return "dec_";
  }

  @Override
  public AnswerSink chunks(AnswerMetadata head, Consumer<? super Decision> output) {
    return new DecisionSink(questions, head, output);
  }

  @Override
  public AnswerSink whole(AnswerMetadata head, Consumer<? super Decision> output) {
    return new DecisionSink(questions, head, output);
  }

  @Override
  public List<String> droppedParams(Prepared prepared) {
    return withoutEffect();
  }

  private List<String> withoutEffect() {
    return FieldNames.shown(
        request.extra().entrySet().stream()
            .filter(field -> field.getValue() != null && !SILENT.contains(field.getKey()))
            .map(Map.Entry::getKey));
  }

  @Override
  public InvalidRequestException renamed(InvalidRequestException failure) {
    return NAMES.renamed(failure);
  }
}
