package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.FieldFate;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.internal.model.Route;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of which everything is settled, before anything is sent. Immutable.
 *
 * @param prompts one generation for each prompt
 * @param perPrompt how many choices each of them has
 * @param trimsAnswer whether white space in front of the answer belongs to the template
 * @param plan how the text of the answers is to be read
 * @param format what the answers have to be, where the library checks it; null for anything
 * @param droppedParams the JSON names of the fields that will have no effect
 */
public record Prepared(
    Route route,
    List<Generation> prompts,
    int perPrompt,
    boolean trimsAnswer,
    OutputPlan plan,
    @Nullable AnswerFormat format,
    Map<String, FieldFate> fates,
    List<String> droppedParams) {

  public int choices() {
    return prompts.size() * perPrompt;
  }
}
