package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.openai.decisions.Decision;
import io.github.openaikserve.openai.decisions.DecisionAnswer;

/** A writer of decisions. */
public final class DecisionWriter {
  private static final String PROBABILITIES = "probabilities";

  private DecisionWriter() {}

  /** Writes decisions. */
  public static byte[] write(Decision decision) {
    return JsonWriter.write(
        json -> {
          json.field("model", decision.model())
              .objects("answers", decision.answers(), DecisionWriter::write);
          ResponseWriter.usage(json, decision.usage());
        });
  }

  private static void write(JsonWriter json, DecisionAnswer answer) {
    if (answer instanceof DecisionAnswer.Predicate predicate) {
      head(json, "predicate", answer).field("probability", predicate.probability());
    } else if (answer instanceof DecisionAnswer.Choice choice) {
      head(json, "choice", answer)
          .field("choice", choice.choice())
          .objects(
              PROBABILITIES,
              choice.probabilities(),
              (each, option) ->
                  each.field("value", option.value()).field("probability", option.probability()))
          .field("confidence", choice.confidence());
    } else if (answer instanceof DecisionAnswer.Score score) {
      head(json, "score", answer)
          .field("score", score.score())
          .objects(
              PROBABILITIES,
              score.probabilities(),
              (each, level) ->
                  each.field("value", level.value())
                      .field("label", level.label())
                      .field("probability", level.probability()))
          .field("confidence", score.confidence());
    } else {
      head(json, "refusal", answer);
    }
  }

  private static JsonWriter head(JsonWriter json, String type, DecisionAnswer answer) {
    return json.field("type", type).field("name", answer.name());
  }
}
