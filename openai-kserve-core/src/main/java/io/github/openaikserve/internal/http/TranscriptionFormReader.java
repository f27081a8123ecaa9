package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.MultipartForm;
import io.github.openaikserve.openai.audio.AudioFile;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.audio.TranscriptionFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A reader of transcription and translation requests from the parts of a form. */
final class TranscriptionFormReader {
  private static final String FILE = "file";
  private static final String LIST = "[]";
  private static final int MAX_LIST = 16;

  private final CreateTranscriptionRequest.Builder request = CreateTranscriptionRequest.builder();
  private final Set<String> names = new HashSet<>();
  private final List<String> granularities = new ArrayList<>();
  private final boolean translates;

  private TranscriptionFormReader(boolean translates) {
    this.translates = translates;
  }

  /**
   * Reads a request.
   *
   * @param translates whether the text is translated into English
   * @throws InvalidRequestException naming the invalid field
   */
  static CreateTranscriptionRequest read(
      @Nullable String contentType, byte[] body, boolean translates) {
    var form = new TranscriptionFormReader(translates);
    for (MultipartForm.Part part : MultipartForm.read(contentType, body)) {
      form.add(part);
    }
    if (!form.granularities.isEmpty()) {
      form.request.timestampGranularities(form.granularities);
    }
    return form.request.build();
  }

  private void add(MultipartForm.Part part) {
    String name = part.name();
    if (!name.endsWith(LIST) && !names.add(name)) {
      String shown = InvalidRequestException.shown(name);
      throw InvalidRequestException.badValue(
          shown,
          "invalid_value",
          "Invalid '%s': the form contains this field twice. Send it once.".formatted(shown));
    }
    if (name.equals(FILE)) {
      String filename = part.filename();
      request.file(new AudioFile(filename == null ? "" : filename, part.content()));
    } else {
      add(name, part.text());
    }
  }

  private void add(String name, String value) {
    switch (name) {
      case "model" -> request.model(value);
      case "prompt" -> request.prompt(value);
      case "response_format" -> request.responseFormat(format(value));
      case "temperature" -> request.temperature(number(value));
      case "timestamp_granularities[]", "timestamp_granularities" -> addGranularity(value);
      case "stream" -> request.stream(flag(value));
      case "language" -> {
        if (translates) {
          throw InvalidRequestException.badValue(
              name,
              "unsupported_parameter",
              "Unsupported parameter: 'language' is not supported with translations.");
        }
        request.language(value);
      }
      default -> request.extra(name, value);
    }
  }

  private void addGranularity(String value) {
    if (granularities.size() < MAX_LIST) {
      granularities.add(value);
    }
  }

  private static TranscriptionFormat format(String value) {
    for (TranscriptionFormat format : TranscriptionFormat.values()) {
      if (format.value().equals(value)) {
        return format;
      }
    }
    throw wrong("response_format", "one of json, text, srt, verbose_json and vtt", value);
  }

  private static boolean flag(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("stream", "true or false", value);
    };
  }

  private static double number(String value) {
    try {
      return value.length() > MAX_LIST ? Double.NaN : Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw wrong("temperature", "a decimal", value);
    }
  }

  private static InvalidRequestException wrong(String name, String expected, String value) {
    return InvalidRequestException.badValue(
        name,
        "invalid_value",
        "Invalid '%s': expected %s, but got '%s'."
            .formatted(name, expected, InvalidRequestException.shown(value)));
  }
}
