package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The detection of a model's dialect from the server's metadata. */
final class ModelDetector {
  /**
   * Source: {@code kserve/kserve}: {@code python/kserve/kserve/model.py}, {@code
   * python/huggingfaceserver}.
   */
  private static final String KSERVE_WITHOUT_TENSORS =
      "the model of KServe's Python server declares no tensors, because it does not implement"
          + " get_input_types and get_output_types; configure its dialect as a table. Generative"
          + " models of KServe's Hugging Face server only have the HTTP API under /openai/v1; for"
          + " embedding models use Dialects.embeddings(\"text\", \"output-0\")";

  private final ModelDescription model;

  private ModelDetector(ModelDescription model) {
    this.model = model;
  }

  static DetectedModel detect(ModelDescription model) {
    return new ModelDetector(model).detect();
  }

  private DetectedModel detect() {
    Optional<Dialect> known =
        Dialects.all().filter(dialect -> dialect.recognizes(model)).findFirst();
    if (known.isPresent()) {
      return adapted(known.get());
    }
    if (model.metadata().isEmpty()) {
      return unknown(notDescribed());
    }
    if (model.inputs().isEmpty()) {
      return unknown(
          model.serverName().equals("kserve")
              ? KSERVE_WITHOUT_TENSORS
              : "the server declares no tensors for it; configure its dialect");
    }
    if (model.inputs().stream().allMatch(input -> Table.datatype(input).isEmpty())) {
      return unknown(
          "the server declares its tensors without types, as OpenVINO Model Server does for graphs;"
              + " configure its dialect");
    }
    return declares("input_ids", "request_output_len")
        ? unknown(TensorRtLlm.ENGINE)
        : byConvention();
  }

  /**
   * Returns the reason for a missing description. A server without a name is Dynamo, or does not
   * implement {@code ServerMetadata}.
   */
  private String notDescribed() {
    String unknown =
        "the server reports nothing about a model of that name: it does not exist there, or is not"
            + " ready";
    return model.serverName().isEmpty() ? unknown + ", or is " + Dynamo.HTTP_ONLY : unknown;
  }

  private DetectedModel byConvention() {
    var conventions = new Conventions(model);
    return AudioConventions.TRANSCRIPTION
        .table(model)
        .or(() -> AudioConventions.SPEECH.table(model))
        .map(this::adapted)
        .or(() -> AudioConventions.SPEECH.samples(model).map(this::withoutSampleRate))
        .or(() -> conventions.scores().map(this::adapted))
        .orElseGet(() -> byPrompt(conventions));
  }

  private DetectedModel withoutSampleRate(String output) {
    return unknown(
        "its output '%s' looks like audio samples; declare a table with the output's sample rate"
            .formatted(output));
  }

  private DetectedModel byPrompt(Conventions conventions) {
    Optional<String> prompt = conventions.prompt();
    if (prompt.isEmpty()) {
      return unknown("none of its inputs is a known name for a prompt");
    }
    return conventions
        .text()
        .map(text -> adapted(conventions.generation(prompt.get(), text)))
        .or(() -> conventions.embeddings(prompt.get()))
        .orElseGet(
            () ->
                unknown("none of its outputs is a known name for text, and none contains vectors"));
  }

  private DetectedModel adapted(Dialect dialect) {
    Dialect adapted = dialect.adaptTo(model);
    List<String> problems = adapted.mismatches(model);
    if (!problems.isEmpty()) {
      return unknown(
          "it looks like '%s', but %s".formatted(dialect.name(), String.join("; ", problems)));
    }
    Map<RequestKind, Dialect> others = new EnumMap<>(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      if (!kind.isGeneration()) {
        adapted.serving(kind).ifPresent(other -> others.put(kind, other));
      }
    }
    return new DetectedModel(
        model.modelName(),
        adapted.generates() ? Optional.of(adapted) : Optional.empty(),
        others,
        model.inputs().isEmpty()
            ? AnyServe.UNDECLARED
            : "It is '%s' by its inputs %s.".formatted(dialect.name(), names(model.inputs())));
  }

  private DetectedModel unknown(String why) {
    String seen =
        Stream.of(
                said("server", model.serverName()),
                said("platform", platform()),
                said("inputs", names(model.inputs())),
                said("outputs", names(model.outputs())))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(", "));
    return new DetectedModel(
        model.modelName(),
        Optional.empty(),
        Map.of(),
        "The dialect of model '%s' was not recognized: %s. Found: %s."
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
