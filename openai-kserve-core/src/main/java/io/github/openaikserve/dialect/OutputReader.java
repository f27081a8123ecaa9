package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The output side of a dialect's table. Immutable. */
final class OutputReader {
  private static final ByteBuffer NO_TEXT = ByteBuffer.allocate(0).asReadOnlyBuffer();
  private static final GenerationDelta NOTHING = new GenerationDelta(NO_TEXT, null, null, null);

  private final Map<String, ResponseField> outputs;
  private final Set<String> meaningless;
  private final @Nullable String finalParameter;

  OutputReader(DialectBuilder table) {
    outputs = Map.copyOf(table.outputs);
    meaningless =
        Stream.concat(table.notYetFinished.stream(), table.untrusted.stream())
            .collect(Collectors.toUnmodifiableSet());
    finalParameter = table.finalParameter;
  }

  GenerationDelta read(InferResponse response) {
    if (response.outputs().isEmpty()) {
      if (isMarkedLast(response)) {
        return NOTHING;
      }
      throw new DialectException("The model server answered without any output tensor.");
    }
    ByteBuffer text = null;
    boolean known = false;
    String finishReason = null;
    Integer promptTokens = null;
    Integer completionTokens = null;
    List<ChatCompletionTokenLogprob> logprobs = null;
    for (Tensor tensor : response.outputs()) {
      ResponseField field = outputs.get(tensor.name());
      if (field == null) {
        continue;
      }
      known = true;
      switch (field) {
        case TEXT -> text = text == null ? Scalars.bytes(tensor) : text;
        case FINISH_REASON -> finishReason = finishReason(tensor);
        case PROMPT_TOKENS -> promptTokens = Scalars.count(tensor);
        case COMPLETION_TOKENS -> completionTokens = Scalars.count(tensor);
        case LOGPROBS -> logprobs = Logprobs.of(tensor);
        case EMBEDDING -> {} // none in a generation
      }
    }
    if (!known) {
      throw unexpected(response);
    }
    return new GenerationDelta(
        text == null ? NO_TEXT : text, finishReason, promptTokens, completionTokens, logprobs);
  }

  private boolean isMarkedLast(InferResponse response) {
    return finalParameter != null
        && response.parameters().get(finalParameter) instanceof InferParameter.Bool last
        && last.value();
  }

  private @Nullable String finishReason(Tensor tensor) {
    String word = StandardCharsets.UTF_8.decode(Scalars.bytes(tensor)).toString();
    return meaningless.contains(word) ? null : word;
  }

  private DialectException unexpected(InferResponse response) {
    List<String> expected =
        outputs.entrySet().stream()
            .filter(row -> row.getValue() == ResponseField.TEXT)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    return new DialectException(
        "The model server answered with the tensors %s; expected one of %s."
            .formatted(response.outputs().stream().map(Tensor::name).toList(), expected));
  }
}
