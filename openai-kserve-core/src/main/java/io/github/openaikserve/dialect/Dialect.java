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
 * <p>Most servers are a table: see {@link #builder}. Servers that do not fit a table implement this
 * interface directly.
 */
public interface Dialect {

  /** A dialect written as a table of tensors. */
  static DialectBuilder builder(String name) {
    return new DialectBuilder(name);
  }

  /** A name for logs and messages. */
  String name();

  /** Returns a sentence or two about the server, in Markdown (default: empty). */
  default String description() {
    return "";
  }

  /** Returns whether models of this dialect generate text. */
  default boolean generates() {
    return true;
  }

  /** Returns whether a described model speaks this dialect (default: false). */
  default boolean recognizes(ModelDescription model) {
    return false;
  }

  /** Whether a tensor carries the field. */
  boolean carries(RequestField field);

  /**
   * The call that makes the generation happen.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if a value does not fit its tensor
   */
  InferCall encode(Generation generation);

  /**
   * What a response to {@link #encode}'s call says.
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
  default @Nullable Tensor onlyText(InferResponse response) {
    return null;
  }

  /**
   * Whether a whole answer is better folded from a stream, because a single response lacks why the
   * generation ended and how many tokens it took.
   */
  default boolean foldsFromStream() {
    return false;
  }

  /**
   * Returns whether the whole answer to this generation is better folded from a stream (default:
   * {@link #foldsFromStream()}).
   */
  default boolean foldsFromStream(Generation generation) {
    return foldsFromStream();
  }

  /**
   * Returns whether the server ends an answer at the model's own end tokens by itself, so that the
   * texts of these need not be sent as stop sequences (default: false). A server that holds text
   * back while it looks for stop sequences then streams without that delay.
   */
  default boolean knowsEndTokens() {
    return false;
  }

  /** Whether each response brings the whole text so far, and not only what is new. */
  default boolean cumulativeText() {
    return false;
  }

  /** Whether each response counts all tokens so far, and not only its own. */
  default boolean cumulativeTokens() {
    return false;
  }

  /** The call that asks the server for the name of its model; empty when it cannot be asked. */
  default Optional<InferCall> modelNameCall(Generation generation) {
    return Optional.empty();
  }

  /** The name that the answer to {@link #modelNameCall} gives; empty when it gives none. */
  default Optional<String> modelName(InferResponse response) {
    return Optional.empty();
  }

  /**
   * Returns the dialect by which the same server serves a kind of request (default: this one for
   * generations, if it {@link #generates}): this one, or another; empty for none.
   */
  default Optional<Dialect> serving(RequestKind kind) {
    return kind.isGeneration() && generates() ? Optional.of(this) : Optional.empty();
  }

  // Requests that are answered by tensors.

  /**
   * Returns the call for a batch of inputs; it gets exactly one response, unless text or audio
   * comes in pieces.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if a value does not fit its tensor
   */
  default InferCall encode(InputBatch batch) {
    throw new UnsupportedOperationException("dialect '" + name() + "' only generates text");
  }

  /**
   * Returns what the response to the call of a batch says.
   *
   * @return {@link EmbeddingVectors}, {@link PairScores}, {@link ClassScores}, {@link Transcript}
   *     or {@link AudioData}, as the kind of the batch asks for
   * @throws io.github.openaikserve.error.DialectException if the response does not match this
   *     dialect
   */
  default BatchOutput decode(InferResponse response, InputBatch batch) {
    throw new UnsupportedOperationException("dialect '" + name() + "' only generates text");
  }

  /**
   * Returns how many inputs one call may have, at least 1.
   *
   * @param input what carries them, such as {@link RequestField#INPUT}
   */
  default int maxBatch(RequestField input) {
    return 1;
  }

  /** Returns how many calls of one request for tensors go on at the same time, at least 1. */
  default int maxConcurrency() {
    return 1;
  }

  /** Returns whether an output tensor carries a field (default: false). */
  default boolean reports(ResponseField field) {
    return false;
  }

  /**
   * Returns whether calls that are answered by tensors are answered in pieces, as they are made
   * (default: false).
   */
  default boolean streams() {
    return false;
  }

  /** Returns the encoding of spoken audio unless a request chooses it (default: WAV). */
  default SpeechFormat audioFormat() {
    return SpeechFormat.WAV;
  }

  /** Returns how many samples a second spoken audio has, if it is samples (default: it is not). */
  default OptionalInt sampleRate() {
    return OptionalInt.empty();
  }

  /** Returns the length of every vector, if it is known beforehand and cannot be chosen. */
  default OptionalInt dimensions() {
    return OptionalInt.empty();
  }

  /** Whether the text begins with the prompt, which is to be taken away. */
  default boolean echoesPrompt() {
    return false;
  }

  /**
   * This dialect as one model speaks it: with the names, types and ranks of the tensors that the
   * model declares, without those that it does not, and on the procedure that it answers. The same
   * where the server tells nothing.
   */
  default Dialect fitTo(ModelDescription model) {
    return this;
  }

  /**
   * What in this dialect is not as the model declares it, in plain words that name the tensor;
   * empty where all is well or the server tells nothing.
   */
  default List<String> mismatches(ModelDescription model) {
    return List.of();
  }
}
