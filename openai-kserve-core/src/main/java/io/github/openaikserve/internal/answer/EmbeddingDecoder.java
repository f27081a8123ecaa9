package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.EmbeddingDialect;
import io.github.openaikserve.dialect.EmbeddingVectors;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.FieldHandlings;
import io.github.openaikserve.kserve.InferResponse;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The responses to a request's calls, in their order, to vectors of one length: the one asked for,
 * if one was. Not thread-safe; one per request.
 */
final class EmbeddingDecoder implements Translator<InferResponse, EmbeddingVectors> {
  private final Route route;
  private final EmbeddingDialect dialect;
  private final Iterator<Integer> sizes;
  private final Iterator<CallHandle> calls;
  private final @Nullable Integer asked;
  private @Nullable Integer length;

  /**
   * A reader of as many responses as there are sizes.
   *
   * @param sizes how many inputs each call had
   * @param calls the calls, in the order of their responses
   * @param asked the length that vectors are to have; null for any
   */
  EmbeddingDecoder(
      Route route, List<Integer> sizes, List<CallHandle> calls, @Nullable Integer asked) {
    this.route = route;
    this.dialect = route.embeddingDialect();
    this.sizes = sizes.iterator();
    this.calls = calls.iterator();
    this.asked = asked;
  }

  @Override
  public void next(InferResponse response, Consumer<? super EmbeddingVectors> output) {
    CallHandle call = calls.next();
    try {
      output.accept(decode(response, sizes.next()));
    } catch (DialectException e) {
      call.reject(e);
      throw e;
    }
  }

  private EmbeddingVectors decode(InferResponse response, int inputs) {
    EmbeddingVectors answer = dialect.decode(response, inputs);
    if (answer.vectors().size() != inputs) {
      throw new DialectException(
          "The model server answered with %d vectors; expected %d."
              .formatted(answer.vectors().size(), inputs));
    }
    answer.vectors().forEach(this::check);
    return answer;
  }

  private void check(ByteBuffer vector) {
    int found = vector.remaining() / Float.BYTES;
    int expected = length == null ? expected(found) : length;
    if (found != expected) {
      throw new DialectException(
          "The model server answered with a vector of length %d; expected %d."
              .formatted(found, expected));
    }
    length = found;
  }

  /** The length that the first vector is to have. */
  private int expected(int found) {
    if (asked != null && dialect.carries(RequestField.DIMENSIONS)) {
      return asked;
    }
    int own = dialect.dimensions().orElse(found);
    if (asked != null && asked != own) {
      // Only now is it known that the model cannot do what was asked.
      throw FieldHandlings.rejected(route, RequestField.DIMENSIONS.jsonName());
    }
    return own;
  }
}
