package io.github.openaikserve.grpc.recording;

import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.proto.ModelConfig;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import io.github.openaikserve.grpc.recording.Redaction.Place;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Redacts the parts of one event, and keeps the names of those that changed. Not thread-safe. */
final class Redactor {
  private final Redaction redaction;
  private final Set<String> changed = new LinkedHashSet<>();

  Redactor(Redaction redaction) {
    this.redaction = redaction;
  }

  /** Sets a request, and the names of its changed parts, such as {@code input prompt}. */
  void request(InferRequest request, RecordedEvent.Builder event) {
    var redacted =
        new InferRequest(
            request.modelName(),
            request.modelVersion(),
            id(request.id()),
            parameters("", request.parameters()),
            tensors(Place.INPUT, request.inputs()));
    event.setRequest(InferCodec.encode(redacted)).addAllRedacted(changed);
  }

  void response(InferResponse response, RecordedEvent.Builder event) {
    var redacted =
        new InferResponse(
            response.modelName(),
            response.modelVersion(),
            id(response.id()),
            parameters("", response.parameters()),
            tensors(Place.OUTPUT, response.outputs()));
    event.setResponse(InferCodec.encode(redacted));
  }

  void config(ModelConfig.Builder config) {
    Map.copyOf(config.getParametersMap())
        .forEach(
            (name, value) ->
                config.putParameters(
                    name,
                    value.toBuilder()
                        .setStringValue(text(Place.PARAMETER, name, value.getStringValue()))
                        .build()));
  }

  /** Returns the redacted text. */
  String text(Place place, String name, String text) {
    return text(place, name, text, part(place, name));
  }

  private String text(Place place, String name, String text, String part) {
    String redacted = redaction.redact(place, name, text);
    if (!redacted.equals(text)) {
      changed.add(part);
    }
    return redacted;
  }

  private static String part(Place place, String name) {
    return (place.name().toLowerCase(Locale.ROOT) + " " + name).strip();
  }

  private String id(String id) {
    return id.isEmpty() ? id : text(Place.ID, "", id);
  }

  private Map<String, InferParameter> parameters(
      String of, Map<String, InferParameter> parameters) {
    Map<String, InferParameter> redacted = new LinkedHashMap<>(parameters);
    redacted.replaceAll(
        (name, value) ->
            value instanceof InferParameter.Text text
                ? InferParameter.of(
                    text(Place.PARAMETER, name, text.value(), of + part(Place.PARAMETER, name)))
                : value);
    return redacted;
  }

  private List<Tensor> tensors(Place place, List<Tensor> tensors) {
    return tensors.stream()
        .map(
            tensor -> {
              String part = part(place, tensor.name());
              return contents(place, part, tensor)
                  .withParameters(parameters(part + " ", tensor.parameters()));
            })
        .toList();
  }

  private Tensor contents(Place place, String part, Tensor tensor) {
    if (tensor.datatype() == Datatype.BYTES) {
      List<String> texts = tensor.texts();
      String[] redacted =
          texts.stream().map(t -> text(place, tensor.name(), t, part)).toArray(String[]::new);
      return texts.equals(Arrays.asList(redacted))
          ? tensor // keeps bytes that are not UTF-8
          : Tensor.text(tensor.name(), redacted).withShape(tensor.shape());
    }
    return place == Place.INPUT && isOfTokens(tensor) && hidesAny(tensor, part)
        ? zeros(tensor)
        : tensor;
  }

  private static boolean isOfTokens(Tensor tensor) {
    boolean integer =
        switch (tensor.datatype()) {
          case BOOL, FP16, BF16, FP32, FP64, BYTES -> false;
          default -> true;
        };
    return integer && (tensor.size() > 1 || tensor.name().toLowerCase(Locale.ROOT).contains("id"));
  }

  /** Returns whether the redaction changes any number. */
  private boolean hidesAny(Tensor tensor, String part) {
    return Arrays.stream(tensor.longs())
        .mapToObj(Long::toString)
        .anyMatch(number -> !text(Place.TOKEN, tensor.name(), number, part).equals(number));
  }

  private static Tensor zeros(Tensor tensor) {
    int size = tensor.size();
    return tensor.datatype().size() == Long.BYTES
        ? Tensor.of(tensor.name(), tensor.datatype(), tensor.shape(), new long[size])
        : Tensor.of(tensor.name(), tensor.datatype(), tensor.shape(), new int[size]);
  }
}
