package io.github.openaikserve.internal.request.batch;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.field.FieldHandlings;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The preparation of requests answered by tensors. */
public final class BatchPreparation {
  private BatchPreparation() {}

  /** Returns the call for one batch of a request's inputs. */
  public static InferCall call(Route route, InputBatch batch) {
    return route
        .requireDialect(batch.kind())
        .encode(batch.withModel(route.modelName(), route.modelVersion()))
        .withTimeout(route.timeouts().total());
  }

  /**
   * Checks a request against a route. Returns the JSON names of the fields that have no effect.
   *
   * @throws InvalidRequestException if the model cannot serve the request
   */
  public static List<String> check(Route route, BatchRequest request) {
    request.check(route);
    return FieldHandlings.dropped(route, handlings(route, request));
  }

  /** Returns the handling of each field, by its JSON name. */
  public static Map<String, FieldHandling> handlings(Route route, BatchRequest request) {
    Map<String, FieldHandling> handlings =
        FieldHandlings.ofExtra(route, request.kind(), request.request().extra());
    for (RequestField field : request.fields().keySet()) {
      // The main input was already checked; dialects map it in several ways.
      boolean mapped = field.isSubject() || route.requireDialect(request.kind()).carries(field);
      handlings.put(
          request.name(field),
          mapped ? FieldHandling.MAPPED : FieldHandlings.strictly(route, field.withoutTensor()));
    }
    return handlings;
  }

  /** Returns the inputs split into batches of a given size. */
  static List<InputBatch> split(
      Route route, BatchRequest request, RequestField input, int inputs, Values values) {
    int size = Math.max(1, route.requireDialect(request.kind()).maxBatch(input));
    IntFunction<InputBatch> batch =
        from -> {
          int to = (int) Math.min(inputs, (long) from + size);
          return batch(route, request, to - from, values.of(from, to));
        };
    return IntStream.iterate(0, from -> from < inputs, from -> from + Math.min(size, inputs))
        .mapToObj(batch)
        .toList();
  }

  static InputBatch batch(
      Route route, BatchRequest request, int size, Map<RequestField, Object> values) {
    return new InputBatch(route.modelName(), route.modelVersion(), request.kind(), size, values);
  }

  /** A function that returns the values of a range of inputs. */
  interface Values {
    Map<RequestField, Object> of(int from, int to);
  }
}
