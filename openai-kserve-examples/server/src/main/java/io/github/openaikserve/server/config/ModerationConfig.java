package io.github.openaikserve.server.config;

import io.github.openaikserve.openai.ModerationCategory;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a classifier moderates. Immutable. */
public record ModerationConfig(
    @Setting(
            "Categories that labels stand for, such as `{S: sexual, V2: violence/graphic}`; a label"
                + " that has the name of a category needs none.")
        Map<String, String> categories,
    @Setting(
            value = "Score in percent from which on a text belongs to a category.",
            initial = "50",
            max = 100)
        int threshold) {
  /** Checks the names of the categories. */
  public ModerationConfig {
    categories
        .values()
        .forEach(
            name -> {
              if (ModerationCategory.of(name).isEmpty()) {
                throw new Mistake("categories", "has no category '%s' of OpenAI's".formatted(name));
              }
            });
  }

  /** Returns the category of each label. */
  public Map<String, ModerationCategory> byLabel() {
    Map<String, ModerationCategory> byLabel = new LinkedHashMap<>();
    categories.forEach(
        (label, name) -> byLabel.put(label, ModerationCategory.of(name).orElseThrow()));
    return byLabel;
  }
}
