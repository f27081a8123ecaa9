package io.github.openaikserve.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server was asked about itself. Immutable.
 *
 * @param modelName empty where the question is about no model
 * @param modelVersion may be empty
 */
record Question(Kind asked, String modelName, String modelVersion) {
  /** The questions there are. */
  enum Kind {
    READY,
    MODEL_READY,
    SERVER_METADATA,
    MODEL_METADATA,
    MODEL_CONFIG,
    REPOSITORY_INDEX
  }

  static Question of(Kind kind) {
    return new Question(kind, "", "");
  }

  static Question read(Fields line) {
    return new Question(
        line.word("asked", Kind.class), line.text("model_name"), line.text("model_version"));
  }

  Map<String, @Nullable Object> write() {
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    form.put("asked", asked.name());
    if (!modelName.isEmpty()) {
      form.put("model_name", modelName);
    }
    if (!modelVersion.isEmpty()) {
      form.put("model_version", modelVersion);
    }
    return form;
  }
}
