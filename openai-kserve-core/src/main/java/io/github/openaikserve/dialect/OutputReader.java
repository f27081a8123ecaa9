package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A reader of the output tensors of a dialect's table. Immutable. */
final class OutputReader {
  private static final ByteBuffer NO_TEXT = ByteBuffer.allocate(0).asReadOnlyBuffer();
  private static final GenerationDelta NOTHING = new GenerationDelta(NO_TEXT, null, null, null);

  private final Table table;
  private final Map<String, OutputRow> outputs;
  private final Set<String> meaningless;
  private final String[] meaninglessWords;
  private final @Nullable String finalParameter;
  private final ScoreReader scores;

  OutputReader(Table table) {
    this.table = table;
    outputs = Map.copyOf(table.outputs);
    meaningless = Set.copyOf(table.ignoredReasons);
    meaninglessWords = meaningless.toArray(String[]::new);
    String marker = table.text(Row.Property.FINAL_PARAMETER, "");
    finalParameter = marker.isEmpty() ? null : marker;
    scores =
        new ScoreReader(
            table.value(Row.Property.ACTIVATION) instanceof Activation set ? set : Activation.NONE);
  }

  GenerationDelta read(InferResponse response) {
    if (response.outputs().isEmpty()) {
      if (isMarkedLast(response)) {
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
      OutputRow row = outputs.get(tensor.name());
      if (row == null) {
        continue;
      }
      known = true;
      switch (row.field()) {
        case TEXT -> text = text == null ? bytes(tensor, row) : text;
        case FINISH_REASON -> finishReason = finishReason(tensor, row);
        case PROMPT_TOKENS -> promptTokens = Scalars.count(tensor);
        case CACHED_TOKENS -> cachedTokens = Scalars.count(tensor);
        case COMPLETION_TOKENS -> completionTokens = Scalars.count(tensor);
        case LOGPROBS -> logprobs = Logprobs.of(tensor);
        case EMBEDDING,
            SCORE,
            CLASS_SCORES,
            LABELS,
            LANGUAGE,
            DURATION,
            SEGMENTS,
            WORDS,
            AUDIO -> {} // not in a generation
      }
    }
    if (!known) {
      throw unexpected(response, ResponseField.TEXT);
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
      OutputRow row = outputs.get(tensor.name());
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

  private boolean isMarkedLast(InferResponse response) {
    return finalParameter != null
        && response.parameters().get(finalParameter) instanceof InferParameter.Bool last
        && last.value();
  }

  private @Nullable String finishReason(Tensor tensor, OutputRow row) {
    boolean plain = row.jsonKey() == null && tensor.datatype() == Datatype.BYTES;
    if (plain && tensor.size() == 1 && isMeaningless(tensor)) {
      return null; // sent with every token: compare bytes without allocating a String
    }
    String word = StandardCharsets.UTF_8.decode(bytes(tensor, row)).toString();
    return meaningless.contains(word) ? null : word;
  }

  /**
   * Returns the bytes of a text; empty if the tensor has no element, as in a response of an
   * unfinished generation.
   */
  private static ByteBuffer bytes(Tensor tensor, OutputRow row) {
    if (tensor.size() == 0) {
      return NO_TEXT.duplicate();
    }
    ByteBuffer bytes = Scalars.bytes(tensor);
    return row.jsonKey() == null ? bytes : textInJson(tensor, bytes, row.jsonKey());
  }

  private static ByteBuffer textInJson(Tensor tensor, ByteBuffer json, String key) {
    Object value = JsonCodec.readValue(StandardCharsets.UTF_8.decode(json).toString()).orElse("");
    Object first = value instanceof List<?> list && !list.isEmpty() ? list.get(0) : value;
    if (first instanceof Map<?, ?> object && object.get(key) instanceof String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
    throw new DialectException(
        "Output tensor '%s' does not contain a JSON object with a text '%s'."
            .formatted(tensor.name(), key));
  }

  /** Returns the content of the response to the call of a batch. */
  BatchOutput read(InferResponse response, InputBatch batch) {
    if (response.outputs().isEmpty()) {
      return nothing(response, batch.kind());
    }
    Tensor counts = first(response, ResponseField.PROMPT_TOKENS);
    Integer tokens = counts == null ? null : Scalars.sum(counts);
    return switch (batch.kind()) {
      case EMBEDDING -> vectors(response, batch.size(), tokens);
      case SCORE -> new PairScores(scores(response, batch.size()), tokens);
      case CLASSIFICATION ->
          new ClassScores(
              classes(response, batch.size(), required(response, ResponseField.CLASS_SCORES)),
              tokens);
      case TRANSCRIPTION -> transcript(response, tokens);
      case SPEECH ->
          new AudioData(AudioReader.audio(required(response, ResponseField.AUDIO)), tokens);
      case CHAT, COMPLETION ->
          throw new IllegalArgumentException("expected a batch, not a generation: " + batch);
    };
  }

  /** Returns the content of a response without outputs, which is empty at the end of a stream. */
  private BatchOutput nothing(InferResponse response, RequestKind kind) {
    if (isMarkedLast(response) && kind == RequestKind.TRANSCRIPTION) {
      return new Transcript(NO_TEXT.duplicate(), null, null, List.of(), List.of(), null);
    }
    if (isMarkedLast(response) && kind == RequestKind.SPEECH) {
      return new AudioData(NO_TEXT.duplicate(), null);
    }
    throw withoutOutputs();
  }

  private Transcript transcript(InferResponse response, @Nullable Integer tokens) {
    Tensor text = first(response, ResponseField.TEXT);
    Tensor language = first(response, ResponseField.LANGUAGE);
    Tensor duration = first(response, ResponseField.DURATION);
    Tensor segments = first(response, ResponseField.SEGMENTS);
    Tensor words = first(response, ResponseField.WORDS);
    if (text == null && segments == null && words == null) {
      throw unexpected(response, ResponseField.TEXT);
    }
    OutputRow row = text == null ? null : outputs.get(text.name());
    return new Transcript(
        text == null || row == null ? NO_TEXT.duplicate() : bytes(text, row),
        language == null ? null : StandardCharsets.UTF_8.decode(Scalars.bytes(language)).toString(),
        duration == null ? null : AudioReader.seconds(duration),
        segments == null ? List.of() : AudioReader.segments(segments),
        words == null ? List.of() : AudioReader.words(words),
        tokens);
  }

  private EmbeddingVectors vectors(InferResponse response, int inputs, @Nullable Integer tokens) {
    Tensor vectors = required(response, ResponseField.EMBEDDING);
    return EmbeddingVectors.of(
        isJson(vectors) ? EmbeddingVectors.fromJson(vectors) : vectors, inputs, tokens);
  }

  private List<Double> scores(InferResponse response, int inputs) {
    if (table.outputs(ResponseField.SCORE).isEmpty()) {
      Tensor classes = required(response, ResponseField.CLASS_SCORES);
      return ScoreReader.single(classes, classes(response, inputs, classes));
    }
    return scores.scores(required(response, ResponseField.SCORE), inputs);
  }

  private List<ClassScores.Input> classes(InferResponse response, int inputs, Tensor classes) {
    return isJson(classes)
        ? scores.jsonClasses(classes, inputs)
        : scores.classes(classes, inputs, first(response, ResponseField.LABELS));
  }

  private boolean isJson(Tensor tensor) {
    OutputRow row = outputs.get(tensor.name());
    return row != null && row.jsonKey() != null;
  }

  private Tensor required(InferResponse response, ResponseField field) {
    Tensor tensor = first(response, field);
    if (tensor == null) {
      throw unexpected(response, field);
    }
    return tensor;
  }

  private @Nullable Tensor first(InferResponse response, ResponseField field) {
    for (Tensor tensor : response.outputs()) {
      OutputRow row = outputs.get(tensor.name());
      if (row != null && row.field() == field) {
        return tensor;
      }
    }
    return null;
  }

  private static DialectException withoutOutputs() {
    return new DialectException("The model server answered without any output tensor.");
  }

  private DialectException unexpected(InferResponse response, ResponseField wanted) {
    return new DialectException(
        "The model server answered with the tensors %s; expected one of %s."
            .formatted(
                response.outputs().stream().map(Tensor::name).toList(),
                table.outputs(wanted).stream().sorted().toList()));
  }
}
