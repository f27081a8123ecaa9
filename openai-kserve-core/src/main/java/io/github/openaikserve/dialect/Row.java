package io.github.openaikserve.dialect;

import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.Tensor;
import java.util.function.Function;

/** A row of a dialect's table. Immutable. */
sealed interface Row
    permits InputRow,
        OutputRow,
        Row.Fixed,
        Row.Parameter,
        Row.FieldParameter,
        Row.Header,
        Row.IgnoredReason,
        Row.Setting {

  /** A row and the condition under which a model's table has it. */
  record Conditional(Condition when, Row row) {}

  /** An input tensor that is always the same. */
  record Fixed(Tensor tensor) implements Row {}

  /** A request parameter that is always the same. */
  record Parameter(String name, InferParameter value) implements Row {}

  /** A request parameter that carries a field in some form. */
  record FieldParameter(String name, RequestField field, Function<Object, InferParameter> form)
      implements Row {}

  /** A header of every call. */
  record Header(String name, String value) implements Row {}

  /** A finish reason without meaning. */
  record IgnoredReason(String word) implements Row {}

  /** A property of the whole table; a setting with a condition overrides one without. */
  record Setting(Property property, Object value) implements Row {}

  /** The properties of a table, with the types of their values. */
  enum Property {
    /** {@code String}. */
    UNARY_MODEL_NAME,
    /** {@code String}. */
    STREAM_MODEL_NAME,
    /** {@code String}. */
    MODEL_VERSION,
    /** {@code String}. */
    FINAL_PARAMETER,
    /** {@code String}. */
    MODEL_INFO_NAME,
    /** {@code String}. */
    MODEL_INFO_OUTPUT,
    /** {@code String}. */
    DESCRIPTION,
    /** {@code Boolean}. */
    CUMULATIVE_TEXT,
    /** {@code Boolean}. */
    CUMULATIVE_TOKENS,
    /** {@code Boolean}. */
    BATCH_DIMENSION,
    /** {@code Boolean}. */
    ECHOES_PROMPT,
    /** {@code Boolean}. */
    BARE_STREAMS,
    /** {@code Boolean}. */
    TAKES_UNDECLARED_INPUTS,
    /** {@code Boolean}. */
    FOLDS_FROM_STREAM,
    /** {@code Boolean}. */
    FOLDS_TO_STOP,
    /** {@code Boolean}. */
    KNOWS_END_TOKENS,
    /** {@code StreamUse}. */
    STREAM_USE,
    /** {@code Integer}. */
    MAX_BATCH,
    /** {@code Integer}. */
    MAX_CONCURRENCY,
    /** {@code Integer}. */
    DIMENSIONS,
    /** {@code Condition}. */
    RECOGNIZED_BY,
    /** {@code Dialect}. */
    EMBEDDINGS
  }

  /** For which calls a model is asked on a stream. */
  enum StreamUse {
    /** For those whose responses are wanted as they are generated. */
    WHEN_WANTED,
    /** For all: the model always streams. */
    ALWAYS,
    /** For none: the model has only whole answers. */
    NEVER
  }
}
