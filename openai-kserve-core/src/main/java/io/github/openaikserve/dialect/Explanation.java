package io.github.openaikserve.dialect;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An explanation of what would be sent for a request. Nothing was sent. Immutable.
 *
 * @param model the id of the model that would be called
 * @param prompts the text of each prompt; empty if the request would be rejected
 * @param calls the call for each prompt; empty if the request would be rejected
 * @param fields the handling of each field of the request, by its JSON name
 * @param formats one sentence about how each format of reasoning and tool calls was determined
 * @param refusal the error with which the request would be rejected; null if it would be accepted
 */
public record Explanation(
    String model,
    List<String> prompts,
    List<InferCall> calls,
    Map<String, FieldHandling> fields,
    List<String> formats,
    @Nullable InvalidRequestException refusal) {
  /** Copies lists and map. */
  public Explanation {
    prompts = List.copyOf(prompts);
    calls = List.copyOf(calls);
    formats = List.copyOf(formats);
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }
}
