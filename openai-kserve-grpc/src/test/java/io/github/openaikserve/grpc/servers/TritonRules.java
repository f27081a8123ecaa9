package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferRequest.InferInputTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The requests that Triton's core rejects.
 *
 * <p>Source: {@code triton-inference-server/core}: {@code src/infer_request.cc}.
 */
final class TritonRules {
  private TritonRules() {}

  /** Returns the error of a request; empty if it is valid. */
  static String problem(TritonModel model, ModelInferRequest request) {
    if (model == null) {
      return "Request for unknown model: '%s' is not found".formatted(request.getModelName());
    }
    for (String parameter : request.getParametersMap().keySet()) {
      if (parameter.startsWith("triton_")
          && !parameter.equals("triton_enable_empty_final_response")) {
        return "parameter keys starting with 'triton_' are reserved: " + parameter;
      }
    }
    if (request.getRawInputContentsCount() > 0
        && request.getRawInputContentsCount() != request.getInputsCount()) {
      return "contents and raw_input_contents cannot be mixed";
    }
    Map<String, TritonModel.TensorSpec> declared =
        model.inputs().stream()
            .collect(Collectors.toMap(TritonModel.TensorSpec::name, Function.identity()));
    for (InferInputTensor input : request.getInputsList()) {
      Optional<String> wrong = problem(model, declared.get(input.getName()), input);
      if (wrong.isPresent()) {
        return wrong.get();
      }
    }
    for (TritonModel.TensorSpec spec : model.inputs()) {
      if (!spec.optional()
          && request.getInputsList().stream().noneMatch(i -> i.getName().equals(spec.name()))) {
        return "expected input '%s' for model '%s'".formatted(spec.name(), model.name());
      }
    }
    return "";
  }

  private static Optional<String> problem(
      TritonModel model, TritonModel.TensorSpec spec, InferInputTensor input) {
    String name = input.getName();
    if (spec == null) {
      return Optional.of(
          "unexpected inference input '%s' for model '%s'".formatted(name, model.name()));
    }
    if (!spec.datatype().equals(input.getDatatype())) {
      return Optional.of(
          "inference input '%s' data-type is '%s', but model '%s' expects '%s'"
              .formatted(name, input.getDatatype(), model.name(), spec.datatype()));
    }
    List<Long> shape = input.getShapeList();
    if (model.maxBatchSize() > 0) {
      if (shape.isEmpty() || shape.get(0) < 1 || shape.get(0) > model.maxBatchSize()) {
        return Optional.of("inference request batch-size must be <= " + model.maxBatchSize());
      }
      shape = shape.subList(1, shape.size());
    }
    boolean fits = shape.size() == spec.dims().size();
    for (int i = 0; fits && i < shape.size(); i++) {
      fits = spec.dims().get(i) == -1 || spec.dims().get(i).equals(shape.get(i));
    }
    return fits
        ? Optional.empty()
        : Optional.of(
            "unexpected shape for input '%s' for model '%s'. Expected %s, got %s"
                .formatted(name, model.name(), spec.dims(), input.getShapeList()));
  }
}
