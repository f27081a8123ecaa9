package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a model server wants a generation put into tensors, and what its tensors mean. Stateless and
 * thread-safe.
 *
 * <p>Most servers are a table: see {@link #builder}. Anything stranger implements this interface.
 */
public interface Dialect {

  /** A dialect written as a table of tensors. */
  static DialectBuilder builder(String name) {
    return new DialectBuilder(name);
  }

  /** A name for logs and messages. */
  String name();

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
   * @throws io.github.openaikserve.error.DialectException if it is not as this dialect has it
   */
  GenerationDelta decode(InferResponse response);

  /**
   * The tensor whose only element is more text, where a response says nothing else, as most of a
   * stream's do: {@link #decode} would make a step of nothing but that text. Null where it says
   * more, or where that takes more than a look to know.
   *
   * <p>Overriding this saves what making the step costs; it changes nothing else.
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

  /** How the same server embeds; empty when it does not. */
  default Optional<EmbeddingDialect> embeddings() {
    return Optional.empty();
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
