package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.openai.audio.CreateSpeechRequest;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a speech request.
 *
 * @param events whether the audio is sent as server-sent events
 */
public record SpeechBody(CreateSpeechRequest request, boolean events) {
  private static final List<String> FORMATS =
      Arrays.stream(SpeechFormat.values()).map(SpeechFormat::value).toList();

  private static final String EVENTS = "sse";

  static SpeechBody read(JsonObject json) {
    String format = json.word("response_format", FORMATS);
    String stream = json.word("stream_format", List.of("audio", EVENTS));
    var request =
        CreateSpeechRequest.builder()
            .model(json.text("model"))
            .input(json.requiredText("input"))
            .voice(voice(json))
            .instructions(json.text("instructions"))
            .responseFormat(format == null ? null : SpeechFormat.of(format).orElseThrow())
            .speed(json.decimal("speed"));
    json.rest().forEach(request::extra);
    return new SpeechBody(request.build(), EVENTS.equals(stream));
  }

  /** Reads the voice: a name, or the object of a custom voice. */
  private static @Nullable String voice(JsonObject json) {
    JsonNode voice = json.node("voice");
    if (voice == null) {
      return null;
    }
    if (voice.isTextual()) {
      return voice.textValue();
    }
    if (!voice.isObject()) {
      throw json.wrongType("voice", "one of a string or an object with an 'id'", voice);
    }
    return json.requiredObject("voice").requiredText("id");
  }
}
