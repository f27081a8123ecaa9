package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The mapping between requests and the tensors of a model server. Immutable and thread-safe.
 *
 * <p>Most dialects are tables; see {@link #builder}. For a server that does not fit a table,
 * implement this interface.
 */
public interface Dialect {

  /** Returns a builder for a dialect that is a table of tensors. */
  static DialectBuilder builder(String name) {
    return new DialectBuilder(name);
  }

  /** Returns the name for logs and messages. */
  String name();

  /** Returns a sentence or two about the server, in Markdown (default: empty). */
  default String description() {
    return "";
  }

  /** Returns whether models of this dialect generate text. */
  default boolean generates() {
    return true;
  }

  /** Returns whether a model uses this dialect, according to its metadata (default: false). */
  default boolean recognizes(ModelDescription model) {
    return false;
  }

  /** Returns whether the dialect has a tensor or parameter for the field. */
  boolean carries(RequestField field);

  /**
   * Returns the call for a generation.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if a value does not fit its tensor
   */
  InferCall encode(Generation generation);

  /**
   * Returns the content of a response to the call of {@link #encode(Generation)}.
   *
   * @throws io.github.openaikserve.error.DialectException if the response does not match this
   *     dialect
   */
  GenerationDelta decode(InferResponse response);

  /**
   * Returns the text tensor if it is the response's only content; null otherwise, or if that is
   * costly to determine. Overriding this saves the cost of {@link #decode(InferResponse)} and
   * changes nothing else.
   */
  default @Nullable Tensor textOnlyDelta(InferResponse response) {
    return null;
  }

  /**
   * Returns whether an unstreamed answer should be aggregated from a stream (default: false),
   * because a unary response lacks the finish reason and the token counts.
   */
  default boolean aggregateFromStream() {
    return false;
  }

  /**
   * Returns whether the unstreamed answer to this generation should be aggregated from a stream
   * (default: {@link #aggregateFromStream()}).
   */
  default boolean aggregateFromStream(Generation generation) {
    return aggregateFromStream();
  }

  /**
   * Returns whether the server itself ends an answer at the model's end tokens (default: false). If
   * true, they are not sent as stop sequences, so a server that holds text back to find stop
   * sequences streams without delay.
   */
  default boolean knowsEndTokens() {
    return false;
  }

  /** Returns whether each response contains the whole text so far, instead of only the new text. */
  default boolean cumulativeText() {
    return false;
  }

  /** Returns whether each response counts all tokens so far, instead of only its own. */
  default boolean cumulativeTokens() {
    return false;
  }

  /** Returns the call that queries the server for the name of its model; empty if there is none. */
  default Optional<InferCall> modelNameCall(Generation generation) {
    return Optional.empty();
  }

  /** Returns the name in the response to {@link #modelNameCall}; empty for none. */
  default Optional<String> modelName(InferResponse response) {
    return Optional.empty();
  }

  /**
   * Returns the dialect with which the same server serves a kind of request: this one or another;
   * empty for none (default: this dialect for generations, if it {@link #generates}).
   */
  default Optional<Dialect> serving(RequestKind kind) {
    return kind.isGeneration() && generates() ? Optional.of(this) : Optional.empty();
  }

  // Requests answered by tensors.

  /**
   * Returns the call for a batch of inputs. The call has exactly one response, unless text or audio
   * is streamed.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if a value does not fit its tensor
   */
  default InferCall encode(InputBatch batch) {
    throw new UnsupportedOperationException("dialect '" + name() + "' only generates text");
  }

  /**
   * Returns the content of the response to the call of a batch.
   *
   * @return {@link EmbeddingVectors}, {@link PairScores}, {@link ClassScores}, {@link Transcript}
   *     or {@link AudioData}, depending on the kind of the batch
   * @throws io.github.openaikserve.error.DialectException if the response does not match this
   *     dialect
   */
  default BatchOutput decode(InferResponse response, InputBatch batch) {
    throw new UnsupportedOperationException("dialect '" + name() + "' only generates text");
  }

  /**
   * Returns the maximum number of inputs of one call, at least 1.
   *
   * @param input the field of the inputs, such as {@link RequestField#INPUT}
   */
  default int maxBatch(RequestField input) {
    return 1;
  }

  /**
   * Returns the maximum number of concurrent calls of one request answered by tensors, at least 1.
   */
  default int maxConcurrency() {
    return 1;
  }

  /** Returns whether there is an output tensor for a field (default: false). */
  default boolean reports(ResponseField field) {
    return false;
  }

  /** Returns whether calls answered by tensors are streamed in pieces (default: false). */
  default boolean streams() {
    return false;
  }

  /** Returns the format of spoken audio if the request cannot choose it (default: WAV). */
  default SpeechFormat audioFormat() {
    return SpeechFormat.WAV;
  }

  /**
   * Returns the sample rate in samples per second if spoken audio consists of samples (default:
   * empty).
   */
  default OptionalInt sampleRate() {
    return OptionalInt.empty();
  }

  /** Returns the length of all vectors, if it is known and requests cannot choose it. */
  default OptionalInt dimensions() {
    return OptionalInt.empty();
  }

  /** Returns whether the text begins with the prompt, which must be removed. */
  default boolean promptInOutput() {
    return false;
  }

  /**
   * Returns this dialect adapted to one model: with the names, types and ranks of the tensors that
   * the model declares, without undeclared tensors, and with the RPC that the model answers.
   * Returns this dialect unchanged if the server reports nothing.
   */
  default Dialect adaptTo(ModelDescription model) {
    return this;
  }

  /**
   * Returns the mismatches between this dialect and the model's declaration, each naming the
   * tensor; empty for none, or if the server reports nothing.
   */
  default List<String> mismatches(ModelDescription model) {
    return List.of();
  }
}
