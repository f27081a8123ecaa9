package io.github.openaikserve.dialect;

import io.github.openaikserve.internal.tensor.TensorReader;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A reader of the answers to batches, in the output tensors of a dialect's table. Immutable. */
final class BatchReader {
  private final Table table;
  private final ScoreReader scores;

  BatchReader(Table table) {
    this.table = table;
    scores = new ScoreReader(table.activation);
  }

  BatchOutput read(InferResponse response, InputBatch batch) {
    if (response.outputs().isEmpty()) {
      return nothing(response, batch.kind());
    }
    Integer tokens = value(response, ResponseField.PROMPT_TOKENS, TensorReader::sum);
    int inputs = batch.size();
    return switch (batch.kind()) {
      case EMBEDDING -> {
        Tensor vectors = required(response, ResponseField.EMBEDDING);
        yield EmbeddingVectors.of(
            isJson(vectors) ? TensorReader.jsonVector(vectors) : vectors, inputs, tokens);
      }
      case SCORE -> new PairScores(scores(response, inputs), tokens);
      case CLASSIFICATION -> {
        Tensor classes = required(response, ResponseField.CLASS_SCORES);
        yield new ClassScores(classes(response, inputs, classes), tokens);
      }
      case TRANSCRIPTION -> transcript(response, tokens);
      case SPEECH ->
          new AudioData(TensorReader.audio(required(response, ResponseField.AUDIO)), tokens);
      case CHAT, COMPLETION ->
          throw new IllegalArgumentException("expected a batch, not a generation: " + batch);
    };
  }

  /** Returns the content of a response without outputs, which is empty at the end of a stream. */
  private BatchOutput nothing(InferResponse response, RequestKind kind) {
    boolean streamed = kind == RequestKind.TRANSCRIPTION || kind == RequestKind.SPEECH;
    if (streamed && table.isMarkedLast(response)) {
      ByteBuffer empty = ByteBuffer.allocate(0);
      return kind == RequestKind.SPEECH
          ? new AudioData(empty, null)
          : new Transcript(empty, null, null, List.of(), List.of(), null);
    }
    throw OutputReader.withoutOutputs();
  }

  private Transcript transcript(InferResponse response, @Nullable Integer tokens) {
    Tensor text = first(response, ResponseField.TEXT);
    Tensor segments = first(response, ResponseField.SEGMENTS);
    Tensor words = first(response, ResponseField.WORDS);
    if (text == null && segments == null && words == null) {
      throw table.unexpected(response, ResponseField.TEXT);
    }
    Table.Output row = text == null ? null : table.outputs.get(text.name());
    return new Transcript(
        text == null || row == null ? ByteBuffer.allocate(0) : OutputReader.bytes(text, row),
        value(response, ResponseField.LANGUAGE, TensorReader::text),
        value(response, ResponseField.DURATION, TensorReader::seconds),
        segments == null ? List.of() : timed(segments, "text"),
        words == null ? List.of() : timed(words, "word"),
        tokens);
  }

  /** Returns the parts of a transcript in a tensor with a JSON list of objects. */
  private static List<Transcript.Segment> timed(Tensor tensor, String key) {
    List<?> parts = TensorReader.json(tensor) instanceof List<?> list ? list : List.of("");
    List<Transcript.Segment> segments = new ArrayList<>(parts.size());
    for (Object part : parts) {
      if (!(part instanceof Map<?, ?> object
          && object.get("start") instanceof Number start
          && object.get("end") instanceof Number end
          && object.get(key) instanceof String text)) {
        throw TensorReader.wrong(
            tensor,
            "does not contain a JSON list of objects with 'start', 'end' and '%s'".formatted(key));
      }
      segments.add(new Transcript.Segment(start.doubleValue(), end.doubleValue(), text));
    }
    return segments;
  }

  private List<Double> scores(InferResponse response, int inputs) {
    if (table.gives(ResponseField.SCORE)) {
      return scores.scores(required(response, ResponseField.SCORE), inputs);
    }
    Tensor classes = required(response, ResponseField.CLASS_SCORES);
    return ScoreReader.single(classes, classes(response, inputs, classes));
  }

  private List<ClassScores.Input> classes(InferResponse response, int inputs, Tensor classes) {
    return isJson(classes)
        ? scores.jsonClasses(classes, inputs)
        : scores.classes(classes, inputs, first(response, ResponseField.LABELS));
  }

  private boolean isJson(Tensor tensor) {
    Table.Output row = table.outputs.get(tensor.name());
    return row != null && row.jsonKey() != null;
  }

  private Tensor required(InferResponse response, ResponseField field) {
    Tensor tensor = first(response, field);
    if (tensor == null) {
      throw table.unexpected(response, field);
    }
    return tensor;
  }

  private <T> @Nullable T value(
      InferResponse response, ResponseField field, Function<Tensor, T> reading) {
    Tensor tensor = first(response, field);
    return tensor == null ? null : reading.apply(tensor);
  }

  private @Nullable Tensor first(InferResponse response, ResponseField field) {
    for (Tensor tensor : response.outputs()) {
      Table.Output row = table.outputs.get(tensor.name());
      if (row != null && row.field() == field) {
        return tensor;
      }
    }
    return null;
  }
}
