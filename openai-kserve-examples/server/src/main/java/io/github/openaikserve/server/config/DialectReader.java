package io.github.openaikserve.server.config;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.DialectBuilder;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.InputBuilder;
import io.github.openaikserve.dialect.JsonInputBuilder;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import java.util.Optional;
import java.util.Set;

/** Reads a dialect that is written as a table of tensors. */
final class DialectReader {
  private final DialectBuilder table;

  private DialectReader(DialectBuilder table) {
    this.table = table;
  }

  static Dialect read(Section section) {
    Optional<Value> capability = section.find("anyserve");
    if (capability.isPresent()) {
      return capability.get().section(DialectReader::anyServe);
    }
    DialectBuilder table =
        Dialect.builder(section.find("name").map(Value::text).orElse("configured"));
    var reader = new DialectReader(table);
    section.require("inputs").list().forEach(value -> value.section(reader::input));
    section
        .find("constants")
        .ifPresent(values -> values.list().forEach(value -> value.section(reader::constant)));
    section.require("outputs").list().forEach(value -> value.section(reader::output));
    section.find("parameters").ifPresent(value -> value.section(reader::parameters));
    section.find("metadata").ifPresent(value -> value.section(reader::metadata));
    section.find("model_names").ifPresent(value -> value.section(reader::modelNames));
    section.find("model_version").map(Value::scalar).ifPresent(table::modelVersion);
    section.find("final_parameter").map(Value::text).ifPresent(table::finalParameter);
    section.find("not_yet_finished").map(Words::of).ifPresent(table::notYetFinished);
    section.find("untrusted").map(Words::of).ifPresent(table::untrusted);
    section.find("streams").ifPresent(reader::streams);
    reader.flag(section, "batch_dimension", table::batchDimension);
    reader.flag(section, "bare_streams", table::bareStreams);
    reader.flag(section, "cumulative_text", table::cumulativeText);
    reader.flag(section, "cumulative_tokens", table::cumulativeTokens);
    reader.flag(section, "echoes_prompt", table::echoesPrompt);
    reader.flag(section, "folds_from_stream", table::foldsFromStream);
    reader.flag(section, "folds_to_stop", table::foldsToStop);
    reader.flag(section, "knows_end_tokens", table::knowsEndTokens);
    return table.build();
  }

  /** Reads the capability of an AnyServe worker; at least one of its two names is required. */
  private static Dialect anyServe(Section section) {
    Optional<String> streamType = section.find("stream_type").map(Value::text);
    Optional<String> type =
        streamType.isPresent()
            ? section.find("type").map(Value::text)
            : Optional.of(section.require("type").text());
    DialectBuilder table =
        Dialects.anyServe(
            type.orElse(""),
            streamType.orElse(""),
            section.find("model").map(Value::scalar).orElse(""));
    if (streamType.isEmpty()) {
      table.unary();
    } else if (type.isEmpty()) {
      table.decoupled();
    }
    return table.build();
  }

  private void flag(Section section, String key, Runnable whenTrue) {
    if (section.find(key).map(Value::flag).orElse(false)) {
      whenTrue.run();
    }
  }

  /** How many of the model's answers come on streams. */
  private void streams(Value value) {
    value.oneOf(
        Set.of("when_wanted", "always", "never"),
        word ->
            switch (word) {
              case "always" -> table.decoupled();
              case "never" -> table.unary();
              default -> table;
            });
  }

  private DialectBuilder input(Section section) {
    String tensor = section.require("tensor").text();
    Optional<Value> json = section.find("json");
    if (json.isPresent()) {
      return table.inputJson(tensor, keys -> json.get().section(entries -> json(keys, entries)));
    }
    Datatype datatype = Words.datatype(section.require("datatype"));
    RequestField field = Words.requestField(section.require("field"));
    return table.input(tensor, datatype, field, input -> more(input, section, datatype));
  }

  private static void more(InputBuilder input, Section section, Datatype datatype) {
    section
        .find("when_absent")
        .map(value -> Constants.value(value, datatype))
        .ifPresent(input::whenAbsent);
    section.find("aliases").map(Words::of).ifPresent(input::aliases);
    section
        .find("parameters")
        .ifPresent(
            value ->
                value.section(
                    entries -> {
                      entries
                          .entries()
                          .forEach((name, found) -> input.parameter(name, parameter(found)));
                      return input;
                    }));
  }

  /** Keys of the object, each with the name of a field, or with more than that. */
  private static JsonInputBuilder json(JsonInputBuilder keys, Section entries) {
    entries
        .entries()
        .forEach(
            (key, value) -> {
              RequestField field =
                  value.isText()
                      ? Words.requestField(value)
                      : value.section(more -> Words.requestField(more.require("field")));
              keys.field(key, field);
            });
    return keys;
  }

  private DialectBuilder constant(Section section) {
    return table.constant(Constants.tensor(section));
  }

  private DialectBuilder output(Section section) {
    String tensor = section.require("tensor").text();
    ResponseField field = Words.responseField(section.require("field"));
    return section
        .find("json_key")
        .map(key -> table.outputJson(tensor, key.text(), field))
        .orElseGet(() -> table.output(tensor, field));
  }

  /** Values that every request has, or the names of fields. */
  private DialectBuilder parameters(Section section) {
    section
        .entries()
        .forEach(
            (name, value) -> {
              if (value.isText()) {
                table.parameter(name, parameter(value));
              } else {
                RequestField field =
                    value.section(more -> Words.requestField(more.require("field")));
                table.parameter(name, field);
              }
            });
    return table;
  }

  private static InferParameter parameter(Value value) {
    if (value.isFlag()) {
      return InferParameter.of(value.flag());
    }
    return value.isInteger()
        ? InferParameter.of(value.integer(Long.MIN_VALUE, Long.MAX_VALUE))
        : InferParameter.of(value.text());
  }

  private DialectBuilder metadata(Section section) {
    section.entries().forEach((name, value) -> table.metadata(name, value.text()));
    return table;
  }

  private DialectBuilder modelNames(Section section) {
    Optional<String> stream = section.find("stream").map(Value::text);
    String unary =
        stream.isPresent()
            ? section.find("unary").map(Value::text).orElse("")
            : section.require("unary").text();
    return table.modelNames(unary, stream.orElse(""));
  }
}
