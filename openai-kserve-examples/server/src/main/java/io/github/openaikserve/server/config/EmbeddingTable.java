package io.github.openaikserve.server.config;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.DialectBuilder;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.server.options.Setting;
import io.github.openaikserve.server.options.WordOrTable;
import java.util.List;
import java.util.Optional;

/** A dialect for embeddings as a table of tensors. Immutable. */
record EmbeddingTable(
    @Setting(
            "Names of the two tensors of a model without further tensors, instead of a table, such"
                + " as `{input: text, output: output-0}`.")
        Optional<Generic> generic,
    @Setting(value = "Name of the dialect in logs.", initial = "configured") String name,
    @Setting("Input tensors.") List<Input> inputs,
    @Setting("Output tensors.") List<Output> outputs,
    @Setting("Tensors have a batch dimension as their first dimension.") boolean batchDimension,
    @Setting("Model name in requests.") Optional<String> modelName,
    @Setting("Model version in requests.") Optional<String> modelVersion,
    @Setting(value = "Maximum number of texts in one call.", max = EmbeddingInput.MAX_SIZE)
        Optional<Integer> maxBatch,
    @Setting(value = "Maximum number of concurrent calls of one request.", max = 1024)
        Optional<Integer> maxConcurrency,
    @Setting("Number of dimensions of the vectors.") Optional<Integer> dimensions) {
  /** The only two tensors of a model. */
  record Generic(
      @Setting("Name of the input tensor.") String input,
      @Setting("Name of the output tensor.") String output) {}

  record Input(
      @Setting("Name of the tensor.") String tensor,
      @Setting(value = "Datatype of the tensor.", type = ConstantTensor.Datatypes.class)
          Datatype datatype,
      @Setting("Request field in the tensor: `input`, `input_tokens`, `images` or `dimensions`.")
          RequestField field) {}

  record Output(
      @Setting("Name of the tensor.") String tensor,
      @Setting("Response field in the tensor: `embedding` or `prompt_tokens`.")
          ResponseField field) {}

  Dialect dialect() {
    if (generic.isPresent()) {
      return Dialects.embeddings(generic.get().input(), generic.get().output());
    }
    DialectBuilder table = Dialect.builder(name);
    ConstantTensor.rows(
        "inputs", inputs, row -> table.input(row.tensor(), row.datatype(), row.field()));
    ConstantTensor.rows("outputs", outputs, row -> table.output(row.tensor(), row.field()));
    if (batchDimension) {
      table.batchDimension();
    }
    modelName.ifPresent(table::modelName);
    modelVersion.ifPresent(table::modelVersion);
    maxBatch.ifPresent(table::maxBatch);
    maxConcurrency.ifPresent(table::maxConcurrency);
    dimensions.ifPresent(table::dimensions);
    return table.build();
  }

  static final class Named extends WordOrTable<Dialect, EmbeddingTable> {
    Named() {
      super(
          () -> Dialects.embeddingNames().toList(),
          name -> Dialects.embeddingsByName(name).orElseThrow(),
          EmbeddingTable.class,
          EmbeddingTable::dialect);
    }
  }
}
