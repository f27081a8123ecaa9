package io.github.openaikserve.dialect;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Writes a dialect for embeddings as a table of tensors. Not thread-safe; the dialect it builds is.
 *
 * <p>Every call is a {@code MODEL_INFER}. Inputs are sent in the order of their rows; a row whose
 * field is absent from a request is left out.
 */
public final class EmbeddingDialectBuilder {
  /** As many as commonly served models take, and a megabyte of vectors at the most. */
  static final int DEFAULT_BATCH = 32;

  static final int DEFAULT_CONCURRENCY = 4;

  /** One input tensor. */
  record InputRow(String tensor, Datatype datatype, RequestField field) {}

  final String name;
  final List<InputRow> inputs = new ArrayList<>();
  final Map<String, ResponseField> outputs = new LinkedHashMap<>();
  @Nullable String modelName;
  String modelVersion = "";
  boolean batchDimension;
  int maxBatch = DEFAULT_BATCH;
  int maxConcurrency = DEFAULT_CONCURRENCY;
  OptionalInt dimensions = OptionalInt.empty();

  EmbeddingDialectBuilder(String name) {
    this.name = name;
  }

  /**
   * An input tensor that carries a field where the request has it: {@link RequestField#INPUT} as
   * BYTES {@code [n]}, {@link RequestField#INPUT_TOKENS} as integers {@code [length]} of one input,
   * {@link RequestField#DIMENSIONS} as one integer {@code [1]}.
   *
   * @throws IllegalArgumentException if it is another field, or the datatype does not go with it
   */
  public EmbeddingDialectBuilder input(String tensor, Datatype datatype, RequestField field) {
    boolean fits =
        switch (field) {
          case INPUT -> datatype == Datatype.BYTES;
          case INPUT_TOKENS, DIMENSIONS -> datatype == Datatype.INT32 || datatype == Datatype.INT64;
          default -> false;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "tensor '%s': %s is not sent as %s".formatted(tensor, field, datatype));
    }
    inputs.add(new InputRow(tensor, datatype, field));
    return this;
  }

  /**
   * An output tensor: {@link ResponseField#EMBEDDING}, or {@link ResponseField#PROMPT_TOKENS} as
   * one count or one for each input. Several may carry the same field; the first one present in a
   * response counts.
   *
   * @throws IllegalArgumentException if it is another field
   */
  public EmbeddingDialectBuilder output(String tensor, ResponseField field) {
    if (field != ResponseField.EMBEDDING && field != ResponseField.PROMPT_TOKENS) {
      throw new IllegalArgumentException(
          "tensor '%s': %s is no part of an embedding".formatted(tensor, field));
    }
    outputs.put(tensor, field);
    return this;
  }

  /**
   * Every input gets a batch dimension in front: texts {@code [n, 1]}, token ids {@code [1,
   * length]}, dimensions {@code [n, 1]}.
   */
  public EmbeddingDialectBuilder batchDimension() {
    batchDimension = true;
    return this;
  }

  /** The name that is called, in place of the route's model name. */
  public EmbeddingDialectBuilder modelName(String modelName) {
    this.modelName = modelName;
    return this;
  }

  /** The version sent where the route names none. Empty, the default, lets the server choose. */
  public EmbeddingDialectBuilder modelVersion(String version) {
    this.modelVersion = version;
    return this;
  }

  /**
   * How many texts one call may have, 32 unless set; a request with more of them takes several.
   * Token ids are sent one input to a call.
   *
   * @throws IllegalArgumentException if it is not from 1 to {@value EmbeddingInput#MAX_SIZE}
   */
  public EmbeddingDialectBuilder maxBatch(int texts) {
    if (texts < 1 || texts > EmbeddingInput.MAX_SIZE) {
      throw new IllegalArgumentException(
          "a batch is from 1 to " + EmbeddingInput.MAX_SIZE + " texts, was " + texts);
    }
    maxBatch = texts;
    return this;
  }

  /**
   * How many calls of one request go on at the same time; 4 unless set.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public EmbeddingDialectBuilder maxConcurrency(int calls) {
    if (calls < 1) {
      throw new IllegalArgumentException("at least one call must go on, was " + calls);
    }
    maxConcurrency = calls;
    return this;
  }

  /**
   * The length of every vector, unknown unless set. Lets a request for another length be refused
   * before anything is sent, where no tensor carries it.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public EmbeddingDialectBuilder dimensions(int dimensions) {
    if (dimensions < 1) {
      throw new IllegalArgumentException("a vector has at least one number, was " + dimensions);
    }
    this.dimensions = OptionalInt.of(dimensions);
    return this;
  }

  /**
   * The dialect.
   *
   * @throws IllegalStateException if no input carries texts or token ids, or no output the vectors
   */
  public EmbeddingDialect build() {
    if (inputs.stream()
        .noneMatch(
            row -> row.field() == RequestField.INPUT || row.field() == RequestField.INPUT_TOKENS)) {
      throw new IllegalStateException("dialect '" + name + "' has no input for what is embedded");
    }
    if (!outputs.containsValue(ResponseField.EMBEDDING)) {
      throw new IllegalStateException("dialect '" + name + "' has no output for the vectors");
    }
    return new TableEmbeddingDialect(this);
  }
}
