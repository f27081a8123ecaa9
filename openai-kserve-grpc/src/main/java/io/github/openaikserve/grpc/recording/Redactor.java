package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A redactor of one message, which keeps the names of the changed parts. Not thread-safe. */
final class Redactor {
  private final Redaction redaction;
  private final Set<String> changed = new LinkedHashSet<>();

  Redactor(Redaction redaction) {
    this.redaction = redaction;
  }

  /** Returns the names of the changed parts, such as {@code input prompt}. */
  Set<String> changed() {
    return changed;
  }

  InferRequest request(InferRequest request) {
    return new InferRequest(
        request.modelName(),
        request.modelVersion(),
        id(request.id()),
        parameters("", request.parameters()),
        tensors(Redaction.Place.INPUT, request.inputs()));
  }

  InferResponse response(InferResponse response) {
    return new InferResponse(
        response.modelName(),
        response.modelVersion(),
        id(response.id()),
        parameters("", response.parameters()),
        tensors(Redaction.Place.OUTPUT, response.outputs()));
  }

  ModelConfig config(ModelConfig config) {
    Map<String, String> parameters = new LinkedHashMap<>(config.parameters());
    parameters.replaceAll((name, value) -> text(Redaction.Place.PARAMETER, name, value));
    return new ModelConfig(
        config.name(),
        config.platform(),
        config.backend(),
        config.maxBatchSize(),
        config.decoupled(),
        parameters,
        config.requiredInputs());
  }

  /** Returns the redacted text. */
  String text(Redaction.Place place, String name, String text) {
    return text(place, name, text, (place.name().toLowerCase(Locale.ROOT) + " " + name).strip());
  }

  private String text(Redaction.Place place, String name, String text, String part) {
    String redacted = redaction.redact(place, name, text);
    if (!redacted.equals(text)) {
      changed.add(part);
    }
    return redacted;
  }

  private String id(String id) {
    return id.isEmpty() ? id : text(Redaction.Place.ID, "", id);
  }

  private Map<String, InferParameter> parameters(
      String of, Map<String, InferParameter> parameters) {
    Map<String, InferParameter> redacted = new LinkedHashMap<>(parameters);
    redacted.replaceAll(
        (name, value) ->
            value instanceof InferParameter.Text text
                ? new InferParameter.Text(
                    text(Redaction.Place.PARAMETER, name, text.value(), of + "parameter " + name))
                : value);
    return redacted;
  }

  private List<Tensor> tensors(Redaction.Place place, List<Tensor> tensors) {
    List<Tensor> redacted = new ArrayList<>(tensors.size());
    for (Tensor tensor : tensors) {
      String of = place.name().toLowerCase(Locale.ROOT) + " " + tensor.name();
      Tensor contents = tensor;
      if (tensor.datatype() == Datatype.BYTES) {
        contents = texts(place, of, tensor);
      } else if (place == Redaction.Place.INPUT && holdsTokens(tensor)) {
        contents = tokens(of, tensor);
      }
      redacted.add(contents.withParameters(parameters(of + " ", tensor.parameters())));
    }
    return redacted;
  }

  private Tensor texts(Redaction.Place place, String of, Tensor tensor) {
    List<String> texts = new ArrayList<>(tensor.texts());
    texts.replaceAll(text -> text(place, tensor.name(), text, of));
    return texts.equals(tensor.texts())
        ? tensor // keeps bytes that are not UTF-8
        : Tensor.text(tensor.name(), texts.toArray(String[]::new)).withShape(tensor.shape());
  }

  private static boolean holdsTokens(Tensor tensor) {
    boolean integer =
        switch (tensor.datatype()) {
          case BOOL, FP16, BF16, FP32, FP64, BYTES -> false;
          default -> true;
        };
    return integer && (tensor.size() > 1 || tensor.name().toLowerCase(Locale.ROOT).contains("id"));
  }

  /** Returns a tensor of zeros if the redaction changes any number; otherwise the same tensor. */
  private Tensor tokens(String of, Tensor tensor) {
    String name = tensor.name();
    boolean same =
        Arrays.stream(tensor.longs())
            .mapToObj(Long::toString)
            .allMatch(text -> redaction.redact(Redaction.Place.TOKEN, name, text).equals(text));
    if (same) {
      return tensor;
    }
    changed.add(of);
    return tensor.datatype().size() == Long.BYTES
        ? Tensor.of(name, tensor.datatype(), tensor.shape(), new long[tensor.size()])
        : Tensor.of(name, tensor.datatype(), tensor.shape(), new int[tensor.size()]);
  }
}
