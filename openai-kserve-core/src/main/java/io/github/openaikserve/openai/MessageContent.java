package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import java.util.Objects;

/** The content of a message: one text or a list of parts. Immutable. */
public sealed interface MessageContent {
  /** Returns the text, or the concatenated texts of all text parts. */
  String text();

  /** One text. */
  record Text(String text) implements MessageContent {
    /** Checks the text. */
    public Text {
      Objects.requireNonNull(text, "text");
    }
  }

  /** One or more parts, in order. */
  record Parts(List<ContentPart> parts) implements MessageContent {
    /**
     * Copies the list.
     *
     * @throws io.github.openaikserve.error.InvalidRequestException if there are no parts
     */
    public Parts {
      parts = List.copyOf(parts);
      FieldChecks.notEmpty("content", parts);
    }

    @Override
    public String text() {
      var text = new StringBuilder();
      for (ContentPart part : parts) {
        if (part instanceof ContentPart.Text t) {
          text.append(t.text());
        } else if (part instanceof ContentPart.Refusal r) {
          text.append(r.refusal());
        }
      }
      return text.toString();
    }
  }

  /** Returns content with one text. */
  static MessageContent of(String text) {
    return new Text(text);
  }
}
