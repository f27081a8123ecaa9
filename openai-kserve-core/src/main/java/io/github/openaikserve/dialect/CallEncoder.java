package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Table.StreamingMode;
import io.github.openaikserve.internal.tensor.TensorEncoder;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The calls for generations and batches, with the inputs of a dialect's table. Immutable. */
final class CallEncoder {
  private final Table table;

  CallEncoder(Table table) {
    this.table = table;
  }

  InferCall encode(Generation wanted) {
    boolean stream = wanted.stream() && table.streamingMode != StreamingMode.NEVER;
    Generation generation = wanted.stream() == stream ? wanted : wanted.withStream(stream);
    return call(stream, generation.modelName(), generation.modelVersion(), sent(generation), 1);
  }

  /** Returns the fields to send: the token ids instead of the text if a prompt has both. */
  private Function<RequestField, @Nullable Object> sent(Generation generation) {
    boolean ids =
        table.carries(RequestField.PROMPT_TOKEN_IDS)
            && generation.value(RequestField.PROMPT_TOKEN_IDS) != null;
    return field -> ids && field == RequestField.PROMPT ? null : generation.value(field);
  }

  InferCall encode(InputBatch batch) {
    boolean stream =
        Boolean.TRUE.equals(batch.value(RequestField.STREAM))
            && table.streamingMode != StreamingMode.NEVER;
    return call(stream, batch.modelName(), batch.modelVersion(), batch::value, batch.size());
  }

  private InferCall call(
      boolean stream,
      String modelName,
      @Nullable String modelVersion,
      Function<RequestField, @Nullable Object> values,
      int batch) {
    Rpc rpc = rpc(stream);
    String set = rpc.streams() ? table.streamModelName : table.unaryModelName;
    var request =
        new InferRequest(
            set == null ? modelName : set,
            version(modelVersion),
            "",
            parameters(values),
            tensors(values, batch));
    return InferCall.of(rpc, request).withMetadata(table.headers);
  }

  private List<Tensor> tensors(Function<RequestField, @Nullable Object> values, int batch) {
    var layout = new TensorEncoder.Layout(table.rank, batch);
    List<Tensor> tensors = new ArrayList<>(table.inputs.size() + table.constants.size());
    for (InputRow row : table.inputs.values()) {
      Tensor tensor = row.encode(values, layout);
      if (tensor != null) {
        tensors.add(tensor);
      }
    }
    tensors.addAll(table.constants.values());
    return tensors;
  }

  private Rpc rpc(boolean stream) {
    if (!stream && table.streamingMode != StreamingMode.ALWAYS) {
      return Rpc.MODEL_INFER;
    }
    return table.unwrappedStreams ? Rpc.MODEL_STREAM_INFER_UNWRAPPED : Rpc.MODEL_STREAM_INFER;
  }

  private Map<String, InferParameter> parameters(Function<RequestField, @Nullable Object> values) {
    if (table.fieldParameters.isEmpty()) {
      return table.parameters;
    }
    Map<String, InferParameter> parameters = new LinkedHashMap<>(table.parameters);
    for (Table.FieldParameter row : table.fieldParameters) {
      Object value = values.apply(row.field());
      if (value != null) {
        parameters.put(row.name(), row.form().apply(value));
      }
    }
    return parameters;
  }

  /** Returns the route's model version, or that of the table for routes that set none. */
  String version(@Nullable String routes) {
    return routes == null ? table.modelVersion : routes;
  }
}
