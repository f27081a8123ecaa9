package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.openai.decisions.Decision;
import io.github.openaikserve.openai.decisions.DecisionAnswer;
import io.github.openaikserve.openai.decisions.DecisionAnswer.LevelProbability;
import io.github.openaikserve.openai.decisions.DecisionAnswer.OptionProbability;
import java.io.IOException;

/** A writer of decisions. */
final class DecisionWriter {
  private DecisionWriter() {}

  static void write(JsonGenerator json, Decision decision) throws IOException {
    json.writeStartObject();
    AnswerWriter.text(json, "model", decision.model());
    json.writeArrayFieldStart("answers");
    for (DecisionAnswer answer : decision.answers()) {
      json.writeStartObject();
      write(json, answer);
      json.writeEndObject();
    }
    json.writeEndArray();
    ResponseWriter.usage(json, decision.usage());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, DecisionAnswer answer) throws IOException {
    if (answer instanceof DecisionAnswer.Predicate predicate) {
      head(json, "predicate", answer);
      json.writeNumberField("probability", predicate.probability());
    } else if (answer instanceof DecisionAnswer.Choice choice) {
      head(json, "choice", answer);
      value(json, "choice", choice.choice());
      json.writeArrayFieldStart("probabilities");
      for (OptionProbability option : choice.probabilities()) {
        json.writeStartObject();
        value(json, "value", option.value());
        json.writeNumberField("probability", option.probability());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNumberField("confidence", choice.confidence());
    } else if (answer instanceof DecisionAnswer.Score score) {
      head(json, "score", answer);
      json.writeNumberField("score", score.score());
      json.writeArrayFieldStart("probabilities");
      for (LevelProbability level : score.probabilities()) {
        json.writeStartObject();
        json.writeNumberField("value", level.value());
        AnswerWriter.text(json, "label", level.label());
        json.writeNumberField("probability", level.probability());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNumberField("confidence", score.confidence());
    } else {
      head(json, "refusal", answer);
    }
  }

  private static void head(JsonGenerator json, String type, DecisionAnswer answer)
      throws IOException {
    json.writeStringField("type", type);
    AnswerWriter.text(json, "name", answer.name());
  }

  private static void value(JsonGenerator json, String name, Object value) throws IOException {
    if (value instanceof Boolean bool) {
      json.writeBooleanField(name, bool);
    } else {
      AnswerWriter.text(json, name, String.valueOf(value));
    }
  }
}
