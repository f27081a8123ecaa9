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
        Row.Other,
        Row.Setting {

  /** A row and the condition under which it applies to a model. */
  record Conditional(Condition when, Row row) {}

  /** A constant input tensor. */
  record Fixed(Tensor tensor) implements Row {}

  /** A constant request parameter. */
  record Parameter(String name, InferParameter value) implements Row {}

  /** A request parameter with the converted value of a field. */
  record FieldParameter(String name, RequestField field, Function<Object, InferParameter> form)
      implements Row {}

  /** A constant header of every call. */
  record Header(String name, String value) implements Row {}

  /** A finish reason that is ignored. */
  record IgnoredReason(String word) implements Row {}

  /** A dialect with which the same server serves other kinds of requests. */
  record Other(Dialect dialect) implements Row {}

  /** A property of the whole table. A setting with a condition overrides one without. */
  record Setting(Property property, Object value) implements Row {}

  /** The properties of a table, with the types of their values. */
  enum Property {
    // Texts.
    UNARY_MODEL_NAME,
    STREAM_MODEL_NAME,
    MODEL_VERSION,
    FINAL_PARAMETER,
    MODEL_INFO_NAME,
    MODEL_INFO_OUTPUT,
    DESCRIPTION,
    // Booleans.
    CUMULATIVE_TEXT,
    CUMULATIVE_TOKENS,
    BATCH_DIMENSION,
    ECHOES_PROMPT,
    BARE_STREAMS,
    TAKES_UNDECLARED_INPUTS,
    FOLDS_FROM_STREAM,
    FOLDS_TO_STOP,
    KNOWS_END_TOKENS,
    STREAM_USE,
    // Whole numbers.
    MAX_BATCH,
    MAX_CONCURRENCY,
    DIMENSIONS,
    RECOGNIZED_BY,
    ACTIVATION,
    AUDIO_FORMAT,
    SAMPLE_RATE
  }

  /** The calls for which a stream is used. */
  enum StreamingMode {
    /** Calls whose responses are wanted as they are generated. */
    WHEN_WANTED,
    /** All calls. */
    ALWAYS,
    /** No calls: the model has only whole answers. */
    NEVER
  }
}
