package io.github.openaikserve;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.Explained;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The handling of a request, without anything being sent. Immutable.
 *
 * @param model the id of the model that would be called
 * @param prompts the text that the model would receive for each prompt; empty if it is rejected
 * @param calls the calls that would be sent, one for each prompt; empty if it is rejected
 * @param fields the handling of each field that the request or a default sets, by its JSON name
 * @param refusal the error of a request that would be rejected; null if it would not be
 */
public record Explanation(
    String model,
    List<String> prompts,
    List<InferCall> calls,
    Map<String, FieldHandling> fields,
    @Nullable InvalidRequestException refusal) {
  /** Copies lists and map. */
  public Explanation {
    prompts = List.copyOf(prompts);
    calls = List.copyOf(calls);
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  static Explanation of(Explained explained) {
    return new Explanation(
        explained.model(),
        explained.prompts(),
        explained.calls(),
        explained.fields(),
        explained.refusal());
  }
}
