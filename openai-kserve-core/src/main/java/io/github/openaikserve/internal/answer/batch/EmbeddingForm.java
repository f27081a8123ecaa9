package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.EmbeddingVectors;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.answer.text.TextBudget;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.batch.EmbeddingInputs;
import io.github.openaikserve.internal.request.field.FieldHandlings;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.Embedding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of embedding answers. All vectors have the same length: the requested one, if the
 * request sets it.
 */
final class EmbeddingForm {
  /** The maximum size of the vectors of one answer in bytes. */
  private static final long MAX_VECTORS = 64 << 20;

  private EmbeddingForm() {}

  static BatchForm<CreateEmbeddingResponse> of(CreateEmbeddingRequest request) {
    return new BatchForm<>(
        new EmbeddingInputs(request),
        route -> new Lengths(request, route),
        (route, outputs, head, usage) ->
            new CreateEmbeddingResponse(
                head.model(), data(outputs, request.dimensions()), usage, head.droppedParams()),
        false);
  }

  private static List<Embedding> data(List<BatchOutput> outputs, @Nullable Integer dimensions) {
    List<Embedding> data = new ArrayList<>();
    for (BatchOutput output : outputs) {
      for (ByteBuffer vector : ((EmbeddingVectors) output).vectors()) {
        data.add(new Embedding(data.size(), shortened(vector, dimensions)));
      }
    }
    return data;
  }

  /**
   * Returns a truncated vector, normalized to length 1. A vector that is short enough is not
   * changed.
   */
  private static ByteBuffer shortened(ByteBuffer vector, @Nullable Integer dimensions) {
    if (dimensions == null || vector.remaining() / Float.BYTES <= dimensions) {
      return vector;
    }
    FloatBuffer numbers = vector.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      squares += (double) numbers.get(i) * numbers.get(i);
    }
    double norm = squares == 0 ? 1 : Math.sqrt(squares);
    ByteBuffer cut = ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < dimensions; i++) {
      cut.putFloat((float) (numbers.get(i) / norm));
    }
    return cut.flip();
  }

  /** The check that all vectors have the same length and are not too large together. */
  private static final class Lengths implements BatchForm.Check {
    private final CreateEmbeddingRequest request;
    private final Route route;
    private final TextBudget budget = new TextBudget(MAX_VECTORS, "vectors");
    private int length = -1;

    Lengths(CreateEmbeddingRequest request, Route route) {
      this.request = request;
      this.route = route;
    }

    @Override
    public void accept(BatchOutput output) {
      for (ByteBuffer vector : ((EmbeddingVectors) output).vectors()) {
        int found = vector.remaining() / Float.BYTES;
        int expected = length < 0 ? expected(found) : length;
        if (found != expected) {
          throw new DialectException(
              "The model server answered with a vector of length %d; expected %d."
                  .formatted(found, expected));
        }
        length = found;
        budget.spend(vector.remaining());
      }
    }

    private int expected(int found) {
      Dialect dialect = route.requireDialect(RequestKind.EMBEDDING);
      Integer requested = request.dimensions();
      if (requested != null && dialect.carries(RequestField.DIMENSIONS)) {
        return requested;
      }
      int own = dialect.dimensions().orElse(found);
      boolean possible =
          requested == null
              || requested == own
              || (route.settings().tensors().shortensVectors() && requested < own);
      if (!possible) {
        // Only the first vector shows that the model does not support the requested length.
        throw FieldHandlings.rejected(route, RequestField.DIMENSIONS.jsonName());
      }
      return own;
    }
  }
}
