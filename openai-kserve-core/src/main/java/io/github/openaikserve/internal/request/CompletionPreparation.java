package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.field.FieldHandlings;
import io.github.openaikserve.internal.request.field.RequestCheck;
import io.github.openaikserve.internal.request.field.RequestFields;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.Prompt;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The preparation of text completion requests. */
public final class CompletionPreparation {
  private CompletionPreparation() {}

  /**
   * Returns the prepared generations of a request, one for each prompt.
   *
   * @throws InvalidRequestException naming the field that is invalid or not supported
   */
  public static Prepared of(Route route, CreateCompletionRequest request) {
    RequestCheck.check(route.limits(), request);
    RequestFields fields = RequestFields.of(route, request);
    RequestCheck.check(route.limits(), fields.values());
    Map<String, FieldHandling> handlings = FieldHandlings.of(route, fields);
    handlings.put(RequestField.PROMPT.jsonName(), FieldHandling.MAPPED);
    List<String> dropped = FieldHandlings.dropped(route, handlings);
    int perPrompt = request.n() == null ? 1 : request.n();
    return new Prepared(
        route,
        prompts(route, request, fields.values()),
        perPrompt,
        false,
        OutputPlan.TEXT,
        Prepared.cuts(fields.values()),
        null,
        handlings,
        dropped);
  }

  private static List<Generation> prompts(
      Route route, CreateCompletionRequest request, Map<RequestField, Object> fields) {
    List<Generation> generations = new ArrayList<>();
    if (request.prompt() instanceof Prompt.Texts texts) {
      for (String text : texts.texts()) {
        generations.add(generation(route, fields, RequestField.PROMPT, text));
      }
    } else if (request.prompt() instanceof Prompt.Tokens tokens) {
      checkTokens(route, request);
      for (List<Integer> ids : tokens.tokens()) {
        int[] prompt = ids.stream().mapToInt(Integer::intValue).toArray();
        generations.add(generation(route, fields, RequestField.PROMPT_TOKEN_IDS, prompt));
      }
    }
    return generations;
  }

  private static void checkTokens(Route route, CreateCompletionRequest request) {
    if (!route.requireDialect().carries(RequestField.PROMPT_TOKEN_IDS)) {
      throw InvalidRequestException.badValue(
          "prompt", "unsupported_value", "Invalid 'prompt': this model takes text, not token ids.");
    }
    if (Boolean.TRUE.equals(request.echo())) {
      throw InvalidRequestException.badValue(
          "echo",
          "unsupported_value",
          "Invalid 'echo': not supported for a prompt of token ids, whose text is unknown.");
    }
  }

  private static Generation generation(
      Route route, Map<RequestField, Object> fields, RequestField field, Object prompt) {
    Map<RequestField, Object> own = new EnumMap<>(fields);
    own.put(field, prompt);
    return new Generation(route.modelName(), route.modelVersion(), own);
  }
}
