package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.Table.StreamingMode;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A dialect defined by a table. Immutable. */
final class TableDialect implements Dialect {
  private final String name;

  /** All rows, so that the dialect can be adapted to another model. */
  private final List<Table.Row> rows;

  private final @Nullable ModelDescription described;
  private final Table table;
  private final CallEncoder calls;
  private final OutputReader outputs;
  private final BatchReader batches;
  private final Map<RequestKind, Dialect> serving;

  TableDialect(String name, List<Table.Row> rows) {
    this(name, rows, null);
  }

  private TableDialect(String name, List<Table.Row> rows, @Nullable ModelDescription described) {
    this.name = name;
    this.rows = List.copyOf(rows);
    this.described = described;
    table = new Table(rows, described);
    calls = new CallEncoder(table);
    outputs = new OutputReader(table);
    batches = new BatchReader(table);
    serving = serving();
  }

  /**
   * Returns the dialect for each kind of request: this one for the kinds that its rows serve,
   * others for the rest.
   */
  private Map<RequestKind, Dialect> serving() {
    Map<RequestKind, Dialect> serving = new EnumMap<>(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      if (table.serves(kind)) {
        serving.put(kind, this);
        continue;
      }
      table.others.stream()
          .flatMap(other -> other.serving(kind).stream())
          .findFirst()
          .ifPresent(other -> serving.put(kind, adapted(other)));
    }
    return serving;
  }

  /** Adapts another dialect if it is for the same model. */
  private Dialect adapted(Dialect other) {
    return described != null
            && other instanceof TableDialect own
            && own.table.unaryModelName == null
        ? own.adaptTo(described)
        : other;
  }

  /** Checks the rules of a table. */
  void check() {
    TableCheck.brokenRule(table)
        .ifPresent(
            broken -> {
              throw new IllegalStateException("dialect '%s' %s".formatted(name, broken));
            });
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return table.description;
  }

  @Override
  public boolean generates() {
    return table.generates();
  }

  @Override
  public boolean recognizes(ModelDescription model) {
    return table.recognizedBy.holds(model);
  }

  @Override
  public boolean carries(RequestField field) {
    return table.carries(field);
  }

  @Override
  public boolean aggregateFromStream() {
    return table.aggregatesFromStream && table.streamingMode != StreamingMode.NEVER;
  }

  @Override
  public boolean aggregateFromStream(Generation generation) {
    boolean cut = table.aggregatesToStop && generation.value(RequestField.STOP) != null;
    return aggregateFromStream() || (cut && table.streamingMode != StreamingMode.NEVER);
  }

  @Override
  public boolean knowsEndTokens() {
    return table.knowsEndTokens;
  }

  @Override
  public InferCall encode(Generation generation) {
    return calls.encode(generation);
  }

  @Override
  public InferCall encode(InputBatch batch) {
    return calls.encode(batch);
  }

  @Override
  public GenerationDelta decode(InferResponse response) {
    return outputs.read(response);
  }

  @Override
  public BatchOutput decode(InferResponse response, InputBatch batch) {
    return batches.read(response, batch);
  }

  @Override
  public @Nullable Tensor textOnlyDelta(InferResponse response) {
    return outputs.textOnlyDelta(response);
  }

  @Override
  public boolean cumulativeText() {
    return table.cumulativeText;
  }

  @Override
  public boolean cumulativeTokens() {
    return table.cumulativeTokens;
  }

  @Override
  public boolean promptInOutput() {
    return table.promptInOutput;
  }

  @Override
  public Optional<InferCall> modelNameCall(Generation generation) {
    return Optional.of(table.modelInfoName)
        .filter(name -> !name.isEmpty())
        .map(name -> InferRequest.of(name, calls.version(generation.modelVersion()), List.of()))
        .map(request -> InferCall.of(Rpc.MODEL_INFER, request));
  }

  @Override
  public Optional<String> modelName(InferResponse response) {
    return response
        .output(table.modelInfoOutput)
        .filter(tensor -> tensor.datatype() == Datatype.BYTES && tensor.size() == 1)
        .map(tensor -> tensor.texts().get(0))
        .filter(reported -> !reported.isBlank());
  }

  @Override
  public Optional<Dialect> serving(RequestKind kind) {
    return Optional.ofNullable(serving.get(kind));
  }

  @Override
  public int maxBatch(RequestField input) {
    // Lists of token ids have different lengths, which a tensor cannot represent without padding.
    return input == RequestField.INPUT_TOKENS ? 1 : Math.min(table.maxBatch, modelsBatch());
  }

  /** Returns the maximum number of inputs according to the model's configuration. */
  private int modelsBatch() {
    int batch = described == null ? 0 : described.config().map(ModelConfig::maxBatchSize).orElse(0);
    return batch > 0 ? batch : Integer.MAX_VALUE;
  }

  @Override
  public boolean reports(ResponseField field) {
    return table.gives(field);
  }

  @Override
  public boolean streams() {
    return table.streamingMode == StreamingMode.ALWAYS
        || (table.streamingMode == StreamingMode.WHEN_WANTED && carries(RequestField.STREAM));
  }

  @Override
  public SpeechFormat audioFormat() {
    return table.audioFormat;
  }

  @Override
  public OptionalInt sampleRate() {
    return table.sampleRate;
  }

  @Override
  public int maxConcurrency() {
    return table.maxConcurrency;
  }

  @Override
  public OptionalInt dimensions() {
    return table.dimensions;
  }

  @Override
  public Dialect adaptTo(ModelDescription model) {
    if (model.inputs().isEmpty()) {
      return described == null ? this : new TableDialect(name, rows);
    }
    return new TableDialect(name, rows, model);
  }

  @Override
  public List<String> mismatches(ModelDescription model) {
    return new TableCheck(table, model).problems();
  }
}
