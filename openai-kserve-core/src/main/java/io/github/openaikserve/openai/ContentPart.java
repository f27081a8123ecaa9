package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One part of a message's content. Immutable. */
public sealed interface ContentPart {
  /** Returns OpenAI's name of the type of this part. */
  String type();

  /** Returns a text part. */
  static ContentPart text(String text) {
    return new Text(text);
  }

  /** Returns an image part with a URL, which may be a {@code data:} URL. */
  static ContentPart imageUrl(String url) {
    return new Media("image_url", Map.of("url", url));
  }

  /** A text. */
  record Text(String text) implements ContentPart {
    /** Checks the text. */
    public Text {
      Objects.requireNonNull(text, "text");
    }

    @Override
    public String type() {
      return "text";
    }
  }

  /** A refusal of the assistant. */
  record Refusal(String refusal) implements ContentPart {
    /** Checks the refusal. */
    public Refusal {
      Objects.requireNonNull(refusal, "refusal");
    }

    @Override
    public String type() {
      return "refusal";
    }
  }

  /**
   * An image, audio or a file.
   *
   * @param type {@code image_url}, {@code input_audio} or {@code file}
   * @param value the value of the field named like the type
   */
  record Media(String type, Map<String, @Nullable Object> value) implements ContentPart {
    /** Copies the map. */
    public Media {
      value = FieldChecks.json(value);
    }
  }
}
