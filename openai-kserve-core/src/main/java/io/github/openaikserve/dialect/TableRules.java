package io.github.openaikserve.dialect;

import java.util.Optional;
import java.util.stream.Stream;

/** The rules for a valid table. */
final class TableRules {
  private final Table table;

  private TableRules(Table table) {
    this.table = table;
  }

  /** Returns the violated rule as a predicate after the dialect's name; empty for none. */
  static Optional<String> broken(Table table) {
    var rules = new TableRules(table);
    return Stream.of(
            rules.generation(), rules.texts(), rules.pairs(), rules.audio(), rules.foreign())
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> generation() {
    if (carries(RequestField.N)) {
      return Optional.of("has an input for n");
    }
    if (generates() && !carries(RequestField.PROMPT)) {
      return Optional.of(
          "has no main input: add a row for a prompt, for texts to embed, score or classify, for"
              + " audio or for a text to speak");
    }
    return rule(generates(), table.generates(), "has no output for the text");
  }

  private Optional<String> texts() {
    boolean served =
        table.serves(RequestKind.EMBEDDING) || table.serves(RequestKind.CLASSIFICATION);
    return rule(
        table.takesTexts(), served, "has no output for the vectors, or for the scores of classes");
  }

  private Optional<String> pairs() {
    return rule(scores(), table.takesPairs(), "has no input for the query")
        .or(() -> rule(scores(), table.serves(RequestKind.SCORE), "has no output for the scores"));
  }

  private Optional<String> audio() {
    return rule(
            carries(RequestField.AUDIO_FILE),
            table.serves(RequestKind.TRANSCRIPTION),
            "has no output for the text")
        .or(
            () ->
                rule(
                    carries(RequestField.SPEECH_TEXT),
                    table.serves(RequestKind.SPEECH),
                    "has no output for the audio"));
  }

  /** Checks that a table without generations has no row that only generations use. */
  private Optional<String> foreign() {
    return generates()
        ? Optional.empty()
        : table.carried.stream()
            .filter(field -> field.isOfGenerations() && field != RequestField.STREAM)
            .findFirst()
            .map(field -> "does not generate text, but has an input for " + field);
  }

  private static Optional<String> rule(boolean applies, boolean kept, String broken) {
    return applies && !kept ? Optional.of(broken) : Optional.empty();
  }

  /** Returns whether the table is for generations, by its rows or because it has no other use. */
  private boolean generates() {
    boolean transcribes = carries(RequestField.AUDIO_FILE);
    boolean other =
        table.takesTexts()
            || scores()
            || transcribes
            || carries(RequestField.SPEECH_TEXT)
            || table.serves(RequestKind.EMBEDDING);
    return !other
        || carries(RequestField.PROMPT)
        || (table.gives(ResponseField.TEXT) && !transcribes);
  }

  private boolean scores() {
    return carries(RequestField.DOCUMENTS) || carries(RequestField.TEXT_PAIRS);
  }

  private boolean carries(RequestField field) {
    return table.carried.contains(field);
  }
}
