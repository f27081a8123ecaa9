package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.tensor.Logprobs;
import io.github.openaikserve.internal.tensor.TensorReader;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of generated text in the output tensors of a dialect's table. Immutable. */
final class OutputReader {
  private static final ByteBuffer NO_TEXT = ByteBuffer.allocate(0).asReadOnlyBuffer();
  private static final GenerationDelta NOTHING = new GenerationDelta(NO_TEXT, null, null, null);

  private final Table table;
  private final Map<String, Table.Output> outputs;
  private final String[] meaninglessWords;

  OutputReader(Table table) {
    this.table = table;
    outputs = Map.copyOf(table.outputs);
    meaninglessWords = table.ignoredReasons.toArray(String[]::new);
  }

  GenerationDelta read(InferResponse response) {
    if (response.outputs().isEmpty()) {
      if (table.isMarkedLast(response)) {
        return NOTHING;
      }
      throw withoutOutputs();
    }
    ByteBuffer text = null;
    boolean known = false;
    String finishReason = null;
    Integer promptTokens = null;
    Integer completionTokens = null;
    Integer cachedTokens = null;
    List<ChatCompletionTokenLogprob> logprobs = null;
    for (Tensor tensor : response.outputs()) {
      Table.Output row = outputs.get(tensor.name());
      if (row == null) {
        continue;
      }
      known = true;
      switch (row.field()) {
        case TEXT -> text = text == null ? bytes(tensor, row) : text;
        case FINISH_REASON -> finishReason = finishReason(tensor, row);
        case PROMPT_TOKENS -> promptTokens = TensorReader.count(tensor);
        case CACHED_TOKENS -> cachedTokens = TensorReader.count(tensor);
        case COMPLETION_TOKENS -> completionTokens = TensorReader.count(tensor);
        case LOGPROBS -> logprobs = Logprobs.of(tensor);
        default -> {} // not in a generation
      }
    }
    if (!known) {
      throw table.unexpected(response, ResponseField.TEXT);
    }
    return new GenerationDelta(
        text == null ? NO_TEXT : text,
        finishReason,
        promptTokens,
        completionTokens,
        logprobs,
        cachedTokens);
  }

  /** Returns the text tensor if it is the response's only content; otherwise null. */
  @Nullable Tensor textOnlyDelta(InferResponse response) {
    Tensor text = null;
    List<Tensor> tensors = response.outputs();
    for (int i = 0; i < tensors.size(); i++) { // avoids an iterator for each token
      Tensor tensor = tensors.get(i);
      Table.Output row = outputs.get(tensor.name());
      if (row == null) {
        continue;
      }
      boolean plain =
          row.jsonKey() == null && tensor.datatype() == Datatype.BYTES && tensor.size() == 1;
      if (plain && row.field() == ResponseField.TEXT && text == null) {
        text = tensor;
      } else if (!plain || row.field() != ResponseField.FINISH_REASON || !isMeaningless(tensor)) {
        return null;
      }
    }
    return text == null || text.byteCount(0) == 0 ? null : text;
  }

  private boolean isMeaningless(Tensor word) {
    for (String known : meaninglessWords) {
      if (is(word, known)) {
        return true;
      }
    }
    return false;
  }

  /** Compares characters with bytes. They are the same in ASCII and never equal beyond it. */
  private static boolean is(Tensor word, String known) {
    if (word.byteCount(0) != known.length()) {
      return false;
    }
    for (int i = 0; i < known.length(); i++) {
      if (word.byteAt(0, i) != known.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String finishReason(Tensor tensor, Table.Output row) {
    boolean plain = row.jsonKey() == null && tensor.datatype() == Datatype.BYTES;
    if (plain && tensor.size() == 1 && isMeaningless(tensor)) {
      return null; // sent with every token: compare bytes without allocating a String
    }
    String word = StandardCharsets.UTF_8.decode(bytes(tensor, row)).toString();
    return table.ignoredReasons.contains(word) ? null : word;
  }

  /**
   * Returns the bytes of a text; empty if the tensor has no element, as in a response of an
   * unfinished generation.
   */
  static ByteBuffer bytes(Tensor tensor, Table.Output row) {
    if (tensor.size() == 0) {
      return NO_TEXT.duplicate();
    }
    return row.jsonKey() == null ? TensorReader.bytes(tensor) : textInJson(tensor, row.jsonKey());
  }

  private static ByteBuffer textInJson(Tensor tensor, String key) {
    Object value = TensorReader.json(tensor);
    Object first = value instanceof List<?> list && !list.isEmpty() ? list.get(0) : value;
    if (first instanceof Map<?, ?> object && object.get(key) instanceof String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
    throw TensorReader.wrong(
        tensor, "does not contain a JSON object with a text '%s'".formatted(key));
  }

  static DialectException withoutOutputs() {
    return new DialectException("The model server answered without any output tensor.");
  }
}
