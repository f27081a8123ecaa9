package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Calls and responses as JSON values, in the protocol's words. What is empty is left out. */
final class MessageForm {
  /** The headers that are known to carry neither secrets nor persons. */
  private static final Set<String> HARMLESS =
      Set.of("x-request-id", "traceparent", "tracestate", "triton_grpc_error");

  private static final Set<String> REQUEST_FIELDS =
      Set.of(
          "rpc",
          "timeout",
          "metadata",
          "model_name",
          "model_version",
          "id",
          "parameters",
          "inputs");
  private static final Set<String> RESPONSE_FIELDS =
      Set.of("model_name", "model_version", "id", "parameters", "outputs");

  private MessageForm() {}

  /** Whether a header is not known to be harmless: applications name theirs as they like. */
  static boolean isSecret(String header) {
    return !HARMLESS.contains(header.toLowerCase(Locale.ROOT));
  }

  static Map<String, @Nullable Object> write(
      InferCall call, Redaction redaction, Predicate<String> withheld) {
    InferRequest request = call.request();
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    form.put("rpc", call.rpc().name());
    if (call.timeout() != null) {
      form.put("timeout", call.timeout().toString());
    }
    Map<String, @Nullable Object> metadata = new TreeMap<>();
    call.metadata()
        .forEach(
            (name, value) -> {
              if (!withheld.test(name)) {
                String written = redaction.redact(Redaction.Place.METADATA, name, value);
                metadata.put(
                    name, written.equals(value) ? value : Map.of(TensorForm.REDACTED, written));
              }
            });
    if (!metadata.isEmpty()) {
      form.put("metadata", metadata);
    }
    head(form, request.modelName(), request.modelVersion(), request.id(), redaction);
    tail(form, request.parameters(), redaction);
    form.put(
        "inputs",
        request.inputs().stream()
            .map(tensor -> TensorForm.write(tensor, Redaction.Place.INPUT, redaction))
            .toList());
    return form;
  }

  static Map<String, @Nullable Object> write(InferResponse response, Redaction redaction) {
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    head(form, response.modelName(), response.modelVersion(), response.id(), redaction);
    tail(form, response.parameters(), redaction);
    form.put(
        "outputs",
        response.outputs().stream()
            .map(tensor -> TensorForm.write(tensor, Redaction.Place.OUTPUT, redaction))
            .toList());
    return form;
  }

  private static void head(
      Map<String, @Nullable Object> form,
      String name,
      String version,
      String id,
      Redaction redaction) {
    if (!name.isEmpty()) {
      form.put("model_name", name);
    }
    if (!version.isEmpty()) {
      form.put("model_version", version);
    }
    if (!id.isEmpty()) {
      String written = redaction.redact(Redaction.Place.ID, "", id);
      form.put("id", written.equals(id) ? id : Map.of(TensorForm.REDACTED, written));
    }
  }

  private static void tail(
      Map<String, @Nullable Object> form,
      Map<String, InferParameter> parameters,
      Redaction redaction) {
    if (!parameters.isEmpty()) {
      form.put("parameters", ParameterForm.write(parameters, redaction));
    }
  }

  static InferCall call(Fields form) {
    form.only(REQUEST_FIELDS);
    Map<String, String> metadata = new HashMap<>();
    Fields headers = form.object("metadata");
    for (Object name : headers.values().keySet()) {
      if (!(headers.get((String) name) instanceof Map<?, ?>)) { // else it was redacted
        metadata.put((String) name, headers.text((String) name));
      }
    }
    var request =
        new InferRequest(
            form.text("model_name"),
            form.text("model_version"),
            id(form),
            ParameterForm.read(form.object("parameters")),
            tensors(form, "inputs"));
    return InferCall.of(form.word("rpc", Rpc.class), request)
        .withTimeout(timeout(form))
        .withMetadata(metadata);
  }

  /** The id; empty if it was redacted. */
  private static String id(Fields form) {
    return isIdRedacted(form) ? "" : form.text("id");
  }

  static boolean isIdRedacted(Fields form) {
    return form.get("id") instanceof Map<?, ?>;
  }

  private static @Nullable Duration timeout(Fields form) {
    if (!form.has("timeout")) {
      return null;
    }
    try {
      return Duration.parse(form.text("timeout"));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(form.where() + ": 'timeout' is no ISO 8601 duration", e);
    }
  }

  static InferResponse response(Fields form) {
    form.only(RESPONSE_FIELDS);
    return new InferResponse(
        form.text("model_name"),
        form.text("model_version"),
        id(form),
        ParameterForm.read(form.object("parameters")),
        tensors(form, "outputs"));
  }

  private static List<Tensor> tensors(Fields form, String name) {
    return form.objects(name).stream().map(TensorReader::read).toList();
  }
}
