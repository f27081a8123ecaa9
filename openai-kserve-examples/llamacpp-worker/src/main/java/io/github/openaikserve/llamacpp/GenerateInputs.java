package io.github.openaikserve.llamacpp;

import io.github.openaikserve.llamacpp.proto.ModelInferRequest;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest.InferInputTensor;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest.InferTensorContents;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a generation: AnyServe's inputs, and three more for llama.cpp. Immutable.
 *
 * <p>Reads only typed contents and ignores the datatype's name, as AnyServe does.
 *
 * <p><b>Source:</b> simpx/anyserve, python/anyserve/builtins/llamacpp/app.py.
 *
 * @param maxTokens negative for as many as fit into the context
 * @param seed for repeatable sampling; null for a random one
 * @param responseFormat OpenAI's {@code response_format} as JSON; null for any text
 * @param toolCalls the tool calls of which the text must be one, as JSON; null for any text
 */
record GenerateInputs(
    String prompt,
    int maxTokens,
    float temperature,
    float topP,
    int topK,
    @Nullable Long seed,
    @Nullable String responseFormat,
    @Nullable String toolCalls) {
  private static final int DEFAULT_MAX_TOKENS = 256;
  private static final float DEFAULT_TEMPERATURE = 0.7f;
  private static final float DEFAULT_TOP_P = 0.95f;
  private static final int DEFAULT_TOP_K = 40;

  /**
   * Reads the inputs of a request.
   *
   * @throws BadRequestException if the prompt is missing or a number is not finite
   */
  static GenerateInputs of(ModelInferRequest request) {
    String prompt = requiredText(request, "prompt");
    int maxTokens = integer(request, "max_tokens", DEFAULT_MAX_TOKENS);
    return new GenerateInputs(
        prompt,
        maxTokens == 0 ? DEFAULT_MAX_TOKENS : maxTokens,
        number(request, "temperature", DEFAULT_TEMPERATURE),
        number(request, "top_p", DEFAULT_TOP_P),
        integer(request, "top_k", DEFAULT_TOP_K),
        longInteger(request, "seed"),
        text(request, "response_format"),
        text(request, "tool_calls"));
  }

  private static @Nullable Long longInteger(ModelInferRequest request, String name) {
    InferTensorContents contents = contents(request, name);
    return contents == null || contents.getInt64ContentsCount() == 0
        ? null
        : contents.getInt64Contents(0);
  }

  private static @Nullable String text(ModelInferRequest request, String name) {
    InferTensorContents contents = contents(request, name);
    return contents == null || contents.getBytesContentsCount() == 0
        ? null
        : contents.getBytesContents(0).toStringUtf8();
  }

  /**
   * Returns the first element of an input of texts.
   *
   * @throws BadRequestException if the input is missing or has no element
   */
  static String requiredText(ModelInferRequest request, String name) {
    InferTensorContents texts = contents(request, name);
    if (texts == null || texts.getBytesContentsCount() == 0) {
      throw new BadRequestException("Missing required input '" + name + "'");
    }
    return texts.getBytesContents(0).toStringUtf8();
  }

  private static int integer(ModelInferRequest request, String name, int otherwise) {
    InferTensorContents contents = contents(request, name);
    return contents == null || contents.getIntContentsCount() == 0
        ? otherwise
        : contents.getIntContents(0);
  }

  private static float number(ModelInferRequest request, String name, float otherwise) {
    InferTensorContents contents = contents(request, name);
    float value =
        contents == null || contents.getFp32ContentsCount() == 0
            ? otherwise
            : contents.getFp32Contents(0);
    if (!Float.isFinite(value)) {
      throw new BadRequestException("Input '" + name + "' is not a finite number");
    }
    return Math.max(0, value);
  }

  private static @Nullable InferTensorContents contents(ModelInferRequest request, String name) {
    return request.getInputsList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .map(InferInputTensor::getContents)
        .findFirst()
        .orElse(null);
  }
}
