package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import io.github.openaikserve.openai.decisions.CreateDecisionRequest;
import io.github.openaikserve.openai.decisions.DecisionQuestion;
import io.github.openaikserve.openai.decisions.DecisionQuestion.Level;
import io.github.openaikserve.openai.decisions.DecisionQuestion.Option;
import java.util.List;
import java.util.function.Function;

/** A reader of requests for decisions. */
final class DecisionRequestReader {
  private static final List<String> TYPES = List.of("predicate", "choice", "score");

  private DecisionRequestReader() {}

  static CreateDecisionRequest read(JsonObject json) {
    var request =
        CreateDecisionRequest.builder()
            .model(json.text("model"))
            .input(DecisionInputReader.messages(json));
    List<DecisionQuestion> questions = json.objects("questions", DecisionRequestReader::question);
    if (questions == null) {
      throw json.missing("questions");
    }
    request.questions(questions);
    json.rest().forEach(request::extra);
    return request.build();
  }

  private static DecisionQuestion question(JsonObject json) {
    String type = json.requiredWord("type", TYPES);
    String name = json.text("name");
    MessageContent instructions = instructions(json);
    try {
      return switch (type) {
        case "choice" ->
            new DecisionQuestion.Choice(
                name, instructions, required(json, "choices", DecisionRequestReader::option));
        case "score" ->
            new DecisionQuestion.Score(
                name, instructions, required(json, "levels", DecisionRequestReader::level));
        default -> new DecisionQuestion.Predicate(name, instructions);
      };
    } catch (InvalidRequestException e) {
      throw located(json, e);
    }
  }

  /** Returns a failure with the full path of the question's field. */
  private static InvalidRequestException located(JsonObject json, InvalidRequestException e) {
    String param = e.param();
    if (param == null || param.startsWith("questions")) {
      return e;
    }
    String path = json.path(param);
    return new InvalidRequestException(
        e.status(),
        e.code(),
        path,
        String.valueOf(e.getMessage()).replace("'" + param + "'", "'" + path + "'"),
        e);
  }

  private static <T> List<T> required(
      JsonObject json, String name, Function<JsonObject, T> reader) {
    List<T> values = json.objects(name, reader);
    if (values == null) {
      throw json.missing(name);
    }
    return values;
  }

  private static MessageContent instructions(JsonObject json) {
    JsonNode value = json.node("instructions");
    if (value == null) {
      throw json.missing("instructions");
    }
    if (value.isTextual()) {
      return MessageContent.of(value.textValue());
    }
    if (!value.isArray()) {
      throw json.wrongType("instructions", "one of a string or array of objects", value);
    }
    List<ContentPart> parts = json.objects("instructions", DecisionInputReader::part);
    if (parts == null || parts.isEmpty()) {
      throw JsonErrors.emptyArray(json.path("instructions"));
    }
    return DecisionInputReader.content(parts);
  }

  private static Option option(JsonObject json) {
    return new Option(value(json), json.text("description"));
  }

  private static Object value(JsonObject json) {
    JsonNode value = json.node("value");
    if (value == null) {
      throw json.missing("value");
    }
    if (!value.isTextual() && !value.isBoolean()) {
      throw json.wrongType("value", "one of a string or boolean", value);
    }
    return value.isBoolean() ? (Object) value.booleanValue() : value.textValue();
  }

  private static Level level(JsonObject json) {
    return new Level(json.requiredText("label"), json.text("description"));
  }
}
