package io.github.openaikserve.openai.responses;

import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One part of the content of an item. Immutable. */
public sealed interface ResponseContent {
  /** Returns OpenAI's name of the type of this part. */
  String type();

  /** Returns a text part for the model. */
  static ResponseContent text(String text) {
    return new InputText(text);
  }

  /** Returns an image part with a URL, which may be a {@code data:} URL. */
  static ResponseContent imageUrl(String url) {
    return new InputMedia("input_image", Map.of("image_url", url, "detail", "auto"));
  }

  /** A text for the model. */
  record InputText(String text) implements ResponseContent {
    @Override
    public String type() {
      return "input_text";
    }
  }

  /**
   * An image, a file or audio for the model.
   *
   * @param type {@code input_image}, {@code input_file} or {@code input_audio}
   * @param value the fields of the part except its type, as plain JSON values
   */
  record InputMedia(String type, Map<String, @Nullable Object> value) implements ResponseContent {
    /** Copies the map. */
    public InputMedia {
      value = FieldChecks.json(value);
    }
  }

  /**
   * A text that the model wrote.
   *
   * @param logprobs the log probabilities of each token; empty unless requested
   */
  record OutputText(String text, List<ChatCompletionTokenLogprob> logprobs)
      implements ResponseContent {
    /** Copies the list. */
    public OutputText {
      logprobs = List.copyOf(logprobs);
    }

    @Override
    public String type() {
      return "output_text";
    }
  }

  /** A refusal by the model. */
  record Refusal(String refusal) implements ResponseContent {
    @Override
    public String type() {
      return "refusal";
    }
  }
}
