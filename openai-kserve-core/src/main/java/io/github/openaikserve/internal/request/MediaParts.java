package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The handling of images and audio in messages. */
final class MediaParts {
  private MediaParts() {}

  /**
   * Checks that the model has a tensor for every media part of a message.
   *
   * @param path the path of the message in the request
   * @throws InvalidRequestException naming the first part without a tensor
   */
  static void check(Route route, String path, MessageContent.Parts content) {
    for (int i = 0; i < content.parts().size(); i++) {
      if (content.parts().get(i) instanceof ContentPart.Media media
          && field(media).filter(route.requireDialect()::carries).isEmpty()) {
        throw refused(route, "%s.content[%d]".formatted(path, i), media);
      }
    }
  }

  /** Adds the values of media parts to the fields. */
  static void put(Map<RequestField, Object> fields, List<ContentPart.Media> media) {
    for (RequestField field : List.of(RequestField.IMAGES, RequestField.AUDIO)) {
      List<String> values = new ArrayList<>();
      for (ContentPart.Media part : media) {
        if (field(part).filter(field::equals).isPresent()) {
          values.add(value(part));
        }
      }
      if (!values.isEmpty()) {
        fields.put(field, values);
      }
    }
  }

  private static Optional<RequestField> field(ContentPart.Media media) {
    return switch (media.type()) {
      case "image_url" -> Optional.of(RequestField.IMAGES);
      case "input_audio" -> Optional.of(RequestField.AUDIO);
      default -> Optional.empty();
    };
  }

  private static String value(ContentPart.Media media) {
    Object value = media.value().get(media.type().equals("image_url") ? "url" : "data");
    if (value instanceof String text) {
      return text;
    }
    throw InvalidRequestException.badValue(
        "messages",
        "missing_required_parameter",
        "A part of type '%s' has no %s."
            .formatted(
                InvalidRequestException.shown(media.type()),
                media.type().equals("image_url") ? "'url'" : "'data'"));
  }

  private static InvalidRequestException refused(
      Route route, String path, ContentPart.Media media) {
    return InvalidRequestException.badValue(
        path,
        "unsupported_value",
        "Invalid '%s': model '%s' does not support parts of type '%s'."
            .formatted(path, route.id(), InvalidRequestException.shown(media.type())));
  }
}
