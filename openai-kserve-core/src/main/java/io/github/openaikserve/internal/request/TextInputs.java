package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The texts or token ids of an embedding or classification request. Immutable. */
record TextInputs(EmbeddingInput input) {
  private RequestField field() {
    return input instanceof EmbeddingInput.Tokens ? RequestField.INPUT_TOKENS : RequestField.INPUT;
  }

  /** Returns the texts; empty for token ids. */
  List<String> texts() {
    return input instanceof EmbeddingInput.Texts texts ? texts.texts() : List.of();
  }

  /** Returns the field of the inputs with all inputs. */
  Map<RequestField, Object> fields() {
    Map<RequestField, Object> fields = new EnumMap<>(RequestField.class);
    fields.put(field(), input instanceof EmbeddingInput.Tokens tokens ? tokens.tokens() : texts());
    return fields;
  }

  void check(Route route, RequestKind kind) {
    LimitCheck.inputs(route.limits(), input.size(), "input");
    BatchPreparation.requireInput(
        route,
        kind,
        field(),
        input instanceof EmbeddingInput.Tokens
            ? "text, not token ids. In LangChain, set check_embedding_ctx_length=False"
            : "token ids, not text");
  }

  /**
   * Returns the inputs in batches.
   *
   * @param more additional fields of every batch
   */
  List<InputBatch> batches(Route route, BatchRequest request, Map<RequestField, Object> more) {
    return BatchPreparation.split(
        route,
        request,
        field(),
        input.size(),
        (from, to) -> {
          Map<RequestField, Object> values = new EnumMap<>(RequestField.class);
          values.putAll(more);
          values.put(field(), value(input.slice(from, to)));
          return values;
        });
  }

  private static Object value(EmbeddingInput inputs) {
    return inputs instanceof EmbeddingInput.Tokens tokens
        ? tokens.tokens().get(0).stream().mapToInt(Integer::intValue).toArray()
        : ((EmbeddingInput.Texts) inputs).texts();
  }
}
