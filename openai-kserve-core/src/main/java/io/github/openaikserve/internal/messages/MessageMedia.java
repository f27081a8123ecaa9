package io.github.openaikserve.internal.messages;

import io.github.openaikserve.anthropic.ContentBlock;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ContentPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conversion of texts, images and documents to a chat's parts. */
final class MessageMedia {
  private MessageMedia() {}

  /**
   * Returns the part for a block; empty if a chat has no such part.
   *
   * @param path the path of the message, for errors
   * @throws InvalidRequestException if the request does not contain the block's data
   */
  static Optional<ContentPart> part(String path, ContentBlock block) {
    if (block instanceof ContentBlock.Text text) {
      return Optional.of(new ContentPart.Text(text.text()));
    }
    if (block instanceof ContentBlock.Image image) {
      return Optional.of(ContentPart.imageUrl(url(path, image.source())));
    }
    if (block instanceof ContentBlock.Other other) {
      return switch (other.type()) {
        case "document" -> Optional.of(document(path, other.value()));
        case "search_result" -> Optional.of(searchResult(path, other.value()));
        default -> Optional.empty();
      };
    }
    throw misplaced(path, block.type());
  }

  /** Returns the error for a block that is not allowed at its position. */
  static InvalidRequestException misplaced(String path, @Nullable Object type) {
    return InvalidRequestException.badValue(
        path,
        "unsupported_value",
        "Invalid '%s': a block of type '%s' is not allowed there."
            .formatted(path, InvalidRequestException.shown(String.valueOf(type))));
  }

  private static String url(String path, Map<String, @Nullable Object> source) {
    return switch (String.valueOf(source.get("type"))) {
      case "base64" ->
          "data:%s;base64,%s"
              .formatted(required(path, source, "media_type"), required(path, source, "data"));
      case "url" -> required(path, source, "url");
      case "file" -> throw noFiles(path);
      default ->
          throw InvalidRequestException.badValue(
              path,
              "invalid_value",
              "Invalid '%s': expected a source of type 'base64' or 'url'.".formatted(path));
    };
  }

  private static String required(String path, Map<String, @Nullable Object> source, String name) {
    if (source.get(name) instanceof String value) {
      return value;
    }
    throw InvalidRequestException.badValue(
        path,
        "missing_required_parameter",
        "Missing required parameter: '%s.source.%s'.".formatted(path, name));
  }

  private static InvalidRequestException noFiles(String path) {
    return InvalidRequestException.badValue(
        path,
        "unsupported_value",
        "Invalid '%s': this server stores no files. Send the data itself instead of 'file_id'."
            .formatted(path));
  }

  /**
   * Returns the text of a document, or the document as a file, for which no dialect has a tensor
   * yet.
   */
  private static ContentPart document(String path, Map<String, @Nullable Object> block) {
    if (!(block.get("source") instanceof Map<?, ?> source)) {
      throw InvalidRequestException.badValue(
          path,
          "missing_required_parameter",
          "Missing required parameter: '%s.source'.".formatted(path));
    }
    List<String> texts = new ArrayList<>();
    add(texts, block.get("title"));
    add(texts, block.get("context"));
    switch (String.valueOf(source.get("type"))) {
      case "text" -> add(texts, source.get("data"));
      case "content" -> addContent(path, texts, source.get("content"));
      case "file" -> throw noFiles(path);
      default -> {
        return new ContentPart.Media("file", Map.of("source", source));
      }
    }
    return new ContentPart.Text(String.join("\n", texts));
  }

  private static ContentPart searchResult(String path, Map<String, @Nullable Object> block) {
    List<String> texts = new ArrayList<>();
    add(texts, block.get("title"));
    add(texts, block.get("source"));
    addContent(path, texts, block.get("content"));
    return new ContentPart.Text(String.join("\n", texts));
  }

  private static void add(List<String> texts, @Nullable Object text) {
    if (text instanceof String value && !value.isEmpty()) {
      texts.add(value);
    }
  }

  /** Adds a text or the texts of blocks. */
  private static void addContent(String path, List<String> texts, @Nullable Object content) {
    add(texts, content);
    if (content instanceof List<?> blocks) {
      for (Object block : blocks) {
        Map<?, ?> fields = block instanceof Map<?, ?> map ? map : Map.of();
        if (!"text".equals(fields.get("type"))) {
          throw misplaced(path, fields.get("type"));
        }
        add(texts, fields.get("text"));
      }
    }
  }
}
