package io.github.openaikserve.server.config;

import io.github.openaikserve.openai.ModerationCategory;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.util.LinkedHashMap;
import java.util.Map;

/** The mapping of a classifier's labels to moderation categories. Immutable. */
public record ModerationConfig(
    @Setting(
            "Categories of labels, such as `{S: sexual, V2: violence/graphic}`. A label with the"
                + " name of a category needs no entry.")
        Map<String, String> categories,
    @Setting(
            value = "Minimum score of a text that is flagged in a category, in percent.",
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
                throw new Mistake(
                    "categories",
                    "'%s' is not one of OpenAI's moderation categories".formatted(name));
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
