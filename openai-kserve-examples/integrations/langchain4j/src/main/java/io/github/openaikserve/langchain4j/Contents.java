package io.github.openaikserve.langchain4j;

import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.pdf.PdfFile;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.openaikserve.openai.ContentPart;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts LangChain4j's contents to parts of OpenAI's messages.
 *
 * <p><b>Source:</b> OpenAI's schemas {@code ChatCompletionRequestMessageContentPartImage}, {@code
 * ...Audio} and {@code ...File}.
 */
final class Contents {
  private Contents() {}

  static ContentPart part(Content content) {
    if (content instanceof TextContent text) {
      return ContentPart.text(text.text());
    }
    if (content instanceof ImageContent image) {
      return image(image);
    }
    if (content instanceof AudioContent audio) {
      return audio(audio.audio());
    }
    if (content instanceof PdfFileContent pdf) {
      return file(pdf.pdfFile());
    }
    throw new UnsupportedFeatureException(
        "OpenAI's API does not support content of type " + content.type());
  }

  private static ContentPart image(ImageContent content) {
    Image image = content.image();
    Map<String, @Nullable Object> value = new LinkedHashMap<>();
    value.put("url", url(image.url(), image.mimeType(), image.base64Data()));
    switch (content.detailLevel()) {
      case LOW, HIGH, AUTO ->
          value.put("detail", content.detailLevel().name().toLowerCase(Locale.ROOT));
      case MEDIUM, ULTRA_HIGH ->
          throw new UnsupportedFeatureException(
              "OpenAI's API does not support the image detail level %s; use LOW, HIGH or AUTO"
                  .formatted(content.detailLevel()));
    }
    return new ContentPart.Media("image_url", value);
  }

  private static ContentPart audio(Audio audio) {
    if (audio.base64Data() == null) {
      throw new UnsupportedFeatureException(
          "OpenAI's API does not support URLs of audio; pass base64 data");
    }
    String type = audio.mimeType() == null ? "audio/wav" : audio.mimeType();
    String format = type.substring(type.indexOf('/') + 1).toLowerCase(Locale.ROOT);
    return new ContentPart.Media(
        "input_audio",
        Map.of("data", audio.base64Data(), "format", format.equals("mpeg") ? "mp3" : format));
  }

  private static ContentPart file(PdfFile file) {
    if (file.base64Data() == null) {
      throw new UnsupportedFeatureException(
          "OpenAI's API does not support URLs of files; pass base64 data");
    }
    return new ContentPart.Media(
        "file",
        Map.of("filename", "file.pdf", "file_data", url(null, file.mimeType(), file.base64Data())));
  }

  private static String url(@Nullable URI url, @Nullable String type, @Nullable String data) {
    if (url != null) {
      return url.toString();
    }
    return "data:" + (type == null ? "application/octet-stream" : type) + ";base64," + data;
  }
}
