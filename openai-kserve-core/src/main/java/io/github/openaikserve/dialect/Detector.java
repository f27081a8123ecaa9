package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells from what a server says of a model which dialect it speaks. */
final class Detector {
  private static final Set<String> FLOATS = Set.of("FP16", "BF16", "FP32", "FP64");

  /**
   * Source: {@code kserve/kserve}: {@code python/kserve/kserve/model.py}, {@code
   * python/huggingfaceserver}.
   */
  private static final String KSERVE_WITHOUT_TENSORS =
      "the model of KServe's Python server declares no tensors, as it does with get_input_types and"
          + " get_output_types, so that its dialect has to be said as a table. A model of KServe's"
          + " Hugging Face server that generates has only the HTTP API under /openai/v1; one that"
          + " embeds is Dialects.embeddings(\"text\", \"output-0\")";

  private final ModelDescription model;

  private Detector(ModelDescription model) {
    this.model = model;
  }

  static Detection detect(ModelDescription model) {
    return new Detector(model).detect();
  }

  private Detection detect() {
    Optional<Dialect> known =
        Dialects.all().filter(dialect -> dialect.recognizes(model)).findFirst();
    if (known.isPresent()) {
      return fitted(known.get());
    }
    if (model.metadata().isEmpty()) {
      return unknown(notDescribed());
    }
    if (model.inputs().isEmpty()) {
      return unknown(
          model.serverName().equals("kserve")
              ? KSERVE_WITHOUT_TENSORS
              : "the server declares no tensors for it, so that its dialect has to be said");
    }
    if (model.inputs().stream().allMatch(input -> Declared.datatype(input).isEmpty())) {
      return unknown(
          "the server declares its tensors without their types, as OpenVINO Model Server does with"
              + " graphs, so that its dialect has to be said");
    }
    return declares("input_ids", "request_output_len")
        ? unknown(TensorRtLlm.ENGINE)
        : byConvention();
  }

  /** A server without a name is Dynamo, or one that has no {@code ServerMetadata}. */
  private String notDescribed() {
    String unknown =
        "the server tells nothing of a model by that name: it does not exist there, or is not"
            + " ready";
    return model.serverName().isEmpty() ? unknown + ", or is " + Dynamo.HTTP_ONLY : unknown;
  }

  private Detection byConvention() {
    Optional<Dialect> scores = Conventional.scores(model);
    if (scores.isPresent()) {
      return fitted(scores.get());
    }
    Optional<String> prompt = tensor(model.inputs(), Conventional.PROMPTS);
    if (prompt.isEmpty()) {
      return unknown("none of its inputs is known to take text");
    }
    Optional<String> text = tensor(model.outputs(), Conventional.TEXTS);
    if (text.isPresent()) {
      return fitted(Conventional.table(prompt.get(), text.get(), model).build());
    }
    List<TensorMetadata> vectors =
        model.outputs().stream().filter(output -> FLOATS.contains(output.datatype())).toList();
    if (vectors.size() != 1 || model.inputs().size() != 1) {
      return unknown("none of its outputs is known to give text, nor is there one of vectors");
    }
    return embeds(prompt.get(), vectors.get(0));
  }

  private Detection embeds(String text, TensorMetadata vectors) {
    DialectBuilder table =
        Dialect.builder("generic")
            .input(text, Datatype.BYTES, RequestField.INPUT)
            .output(vectors.name(), ResponseField.EMBEDDING);
    int batch = model.config().map(ModelConfig::maxBatchSize).orElse(0);
    if (batch > 0 && model.input(text).orElseThrow().shape().size() == 2) {
      table.batchDimension().maxBatch(Math.min(batch, TableDialect.DEFAULT_BATCH));
    }
    return new Detection(
        model.modelName(),
        Optional.empty(),
        Map.of(RequestKind.EMBEDDING, table.build()),
        "It embeds: text in '%s', vectors in '%s'.".formatted(text, vectors.name()));
  }

  /** The one of the conventional name, else the only one of texts. */
  private static Optional<String> tensor(List<TensorMetadata> declared, List<String> conventional) {
    List<String> texts =
        declared.stream()
            .filter(tensor -> tensor.datatype().equals("BYTES"))
            .map(TensorMetadata::name)
            .toList();
    return conventional.stream()
        .filter(texts::contains)
        .findFirst()
        .or(() -> texts.size() == 1 ? Optional.of(texts.get(0)) : Optional.empty());
  }

  private Detection fitted(Dialect dialect) {
    Dialect fitted = dialect.fitTo(model);
    List<String> problems = fitted.mismatches(model);
    if (!problems.isEmpty()) {
      return unknown(
          "it looks like '%s', but %s".formatted(dialect.name(), String.join("; ", problems)));
    }
    Map<RequestKind, Dialect> others = new EnumMap<>(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      if (!kind.isGeneration()) {
        fitted.serving(kind).ifPresent(other -> others.put(kind, other));
      }
    }
    return new Detection(
        model.modelName(),
        fitted.generates() ? Optional.of(fitted) : Optional.empty(),
        others,
        model.inputs().isEmpty()
            ? AnyServe.UNDECLARED
            : "It is '%s' by its inputs %s.".formatted(dialect.name(), names(model.inputs())));
  }

  private Detection unknown(String why) {
    String seen =
        Stream.of(
                said("server", model.serverName()),
                said("platform", platform()),
                said("inputs", names(model.inputs())),
                said("outputs", names(model.outputs())))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(", "));
    return new Detection(
        model.modelName(),
        Optional.empty(),
        Map.of(),
        "It is not known how model '%s' is spoken to: %s. Found: %s."
            .formatted(model.modelName(), why, seen.isEmpty() ? "nothing" : seen));
  }

  private static String said(String what, String value) {
    return value.isEmpty() || value.equals("[]") ? "" : what + " " + value;
  }

  private boolean declares(String... inputs) {
    return Stream.of(inputs).allMatch(model::declaresInput);
  }

  private String platform() {
    return model.metadata().map(ModelMetadata::platform).orElse("");
  }

  private static String names(List<TensorMetadata> tensors) {
    return tensors.stream()
        .map(tensor -> tensor.name() + " " + tensor.datatype() + tensor.shape())
        .toList()
        .toString();
  }
}
