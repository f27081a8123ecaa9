package io.github.openaikserve.examples.server.config;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.DialectBuilder;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.Optional;

/** Reads a dialect for embeddings that is written as a table of tensors. */
final class EmbeddingReader {
  private EmbeddingReader() {}

  static Dialect read(Section section) {
    Optional<Value> generic = section.find("generic");
    if (generic.isPresent()) {
      return generic.get().section(EmbeddingReader::generic);
    }
    DialectBuilder table =
        Dialect.builder(section.find("name").map(Value::text).orElse("configured"));
    section.require("inputs").list().forEach(value -> value.section(row -> input(table, row)));
    section.require("outputs").list().forEach(value -> value.section(row -> output(table, row)));
    if (section.find("batch_dimension").map(Value::flag).orElse(false)) {
      table.batchDimension();
    }
    section.find("model_name").map(Value::text).ifPresent(table::modelName);
    section.find("model_version").map(Value::text).ifPresent(table::modelVersion);
    section
        .find("max_batch")
        .ifPresent(value -> table.maxBatch(value.integer(1, EmbeddingInput.MAX_SIZE)));
    section
        .find("max_concurrency")
        .ifPresent(value -> table.maxConcurrency(value.integer(1, 1024)));
    section
        .find("dimensions")
        .ifPresent(value -> table.dimensions(value.integer(1, Integer.MAX_VALUE)));
    return table.build();
  }

  /** Reads the names of the two tensors of a model that has no others. */
  private static Dialect generic(Section names) {
    return Dialects.embeddings(names.require("input").text(), names.require("output").text());
  }

  private static DialectBuilder input(DialectBuilder table, Section row) {
    return table.input(
        row.require("tensor").text(),
        Words.datatype(row.require("datatype")),
        Words.requestField(row.require("field")));
  }

  private static DialectBuilder output(DialectBuilder table, Section row) {
    return table.output(row.require("tensor").text(), Words.responseField(row.require("field")));
  }
}
