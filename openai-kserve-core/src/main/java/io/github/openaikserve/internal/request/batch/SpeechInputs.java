package io.github.openaikserve.internal.request.batch;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.audio.CreateSpeechRequest;
import io.github.openaikserve.openai.audio.SpeechFormat;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text of a speech request. Immutable. */
public record SpeechInputs(CreateSpeechRequest request) implements BatchRequest {
  @Override
  public RequestKind kind() {
    return RequestKind.SPEECH;
  }

  @Override
  public Map<RequestField, Object> fields() {
    Map<RequestField, Object> fields = new EnumMap<>(RequestField.class);
    put(fields, RequestField.SPEECH_TEXT, request.input());
    put(fields, RequestField.VOICE, request.voice());
    put(fields, RequestField.INSTRUCTIONS, request.instructions());
    put(fields, RequestField.SPEED, request.speed());
    SpeechFormat format = request.responseFormat();
    put(fields, RequestField.SPEECH_FORMAT, format == null ? null : format.value());
    return fields;
  }

  private static void put(
      Map<RequestField, Object> fields, RequestField field, @Nullable Object value) {
    if (value != null) {
      fields.put(field, value);
    }
  }

  @Override
  public List<String> texts() {
    return List.of(request.input());
  }

  @Override
  public void check(Route route) {
    SpeechFormat unused = format(route);
  }

  /**
   * Returns the audio format of the answer: the requested one, or the model's default.
   *
   * @throws InvalidRequestException if the model does not support the requested format
   */
  public SpeechFormat format(Route route) {
    Dialect dialect = route.requireDialect(kind());
    SpeechFormat requested = request.responseFormat();
    SpeechFormat own = dialect.audioFormat();
    if (requested == null || requested == own || dialect.carries(RequestField.SPEECH_FORMAT)) {
      return requested == null ? own : requested;
    }
    if (dialect.sampleRate().isPresent()
        && (requested == SpeechFormat.WAV || requested == SpeechFormat.PCM)) {
      return requested;
    }
    throw InvalidRequestException.badValue(
        "response_format",
        "unsupported_value",
        "Invalid 'response_format': the model '%s' supports '%s', but not '%s'."
            .formatted(route.id(), own.value(), requested.value()));
  }

  @Override
  public List<InputBatch> batches(Route route) {
    Map<RequestField, Object> values = fields();
    values.put(RequestField.STREAM, route.requireDialect(kind()).streams());
    return List.of(BatchPreparation.batch(route, this, 1, values));
  }
}
