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
    Optional<Generic> generic,
    String name,
    List<Input> inputs,
    List<Output> outputs,
    boolean batchDimension,
    Optional<String> modelName,
    Optional<String> modelVersion,
    @Setting(max = EmbeddingInput.MAX_SIZE) Optional<Integer> maxBatch,
    @Setting(max = 1024) Optional<Integer> maxConcurrency,
    Optional<Integer> dimensions) {
  /** The only two tensors of a model. */
  record Generic(String input, String output) {}

  record Input(
      String tensor,
      @Setting(type = ConstantTensor.Datatypes.class) Datatype datatype,
      RequestField field) {}

  record Output(String tensor, ResponseField field) {}

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
