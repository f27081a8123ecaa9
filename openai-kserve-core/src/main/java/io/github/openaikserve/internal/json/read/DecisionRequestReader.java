package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.MessageContent;
import io.github.openaikserve.openai.decisions.CreateDecisionRequest;
import io.github.openaikserve.openai.decisions.DecisionQuestion;
import io.github.openaikserve.openai.decisions.DecisionQuestion.Level;
import io.github.openaikserve.openai.decisions.DecisionQuestion.Option;
import java.util.List;

/** A reader of requests for decisions. */
final class DecisionRequestReader {
  private static final List<String> TYPES = List.of("predicate", "choice", "score");

  private DecisionRequestReader() {}

  static CreateDecisionRequest read(JsonObject json) {
    var request =
        CreateDecisionRequest.builder()
            .model(json.text("model"))
            .input(DecisionInputReader.messages(json))
            .questions(json.requiredObjects("questions", DecisionRequestReader::question));
    json.rest().forEach(request::extra);
    return request.build();
  }

  private static DecisionQuestion question(JsonObject json) {
    String type = json.requiredWord("type", TYPES);
    String name = json.text("name");
    MessageContent instructions = DecisionInputReader.content(json, "instructions");
    try {
      return switch (type) {
        case "choice" ->
            new DecisionQuestion.Choice(
                name, instructions, json.requiredObjects("choices", DecisionRequestReader::option));
        case "score" ->
            new DecisionQuestion.Score(
                name, instructions, json.requiredObjects("levels", DecisionRequestReader::level));
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

  private static Option option(JsonObject json) {
    return new Option(value(json), json.text("description"));
  }

  private static Object value(JsonObject json) {
    JsonNode value = json.requiredNode("value");
    if (!value.isTextual() && !value.isBoolean()) {
      throw json.wrongType("value", "one of a string or boolean", value);
    }
    return value.isBoolean() ? (Object) value.booleanValue() : value.textValue();
  }

  private static Level level(JsonObject json) {
    return new Level(json.requiredText("label"), json.text("description"));
  }
}
