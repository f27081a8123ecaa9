package io.github.openaikserve.internal.request.batch;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.InputBatch;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.audio.CreateTranscriptionRequest;
import io.github.openaikserve.openai.audio.TranscriptionFormat;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The audio of a transcription or translation request. Immutable.
 *
 * @param translates whether the text is translated into English
 */
public record TranscriptionInputs(CreateTranscriptionRequest request, boolean translates)
    implements BatchRequest {
  private static final Map<String, ResponseField> TIMES =
      Map.of("segment", ResponseField.SEGMENTS, "word", ResponseField.WORDS);

  @Override
  public RequestKind kind() {
    return RequestKind.TRANSCRIPTION;
  }

  @Override
  public Map<RequestField, Object> fields() {
    Map<RequestField, Object> fields = new EnumMap<>(RequestField.class);
    put(fields, RequestField.AUDIO_FILE, request.file().bytes());
    put(fields, RequestField.LANGUAGE, request.language());
    put(fields, RequestField.AUDIO_PROMPT, request.prompt());
    put(fields, RequestField.AUDIO_TEMPERATURE, request.temperature());
    TranscriptionFormat format = request.responseFormat();
    put(fields, RequestField.TRANSCRIPTION_FORMAT, format == null ? null : format.value());
    put(fields, RequestField.TIMESTAMP_GRANULARITIES, request.timestampGranularities());
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
    return request.prompt() == null ? List.of() : List.of(request.prompt());
  }

  @Override
  public void check(Route route) {
    Dialect dialect = route.requireDialect(kind());
    if (translates && !dialect.carries(RequestField.TASK)) {
      throw InvalidRequestException.badValue(
          "model",
          "unsupported_value",
          "The model '%s' does not support the translations API.".formatted(route.id()));
    }
    TranscriptionFormat format = request.responseFormat();
    if (format != null && format.needsSegments() && !isPossible(dialect, format)) {
      throw unsupported("response_format", format.value(), route);
    }
    List<String> granularities = request.timestampGranularities();
    if (granularities != null) {
      for (String granularity : granularities) {
        ResponseField times = TIMES.get(granularity);
        if (times == null || !dialect.reports(times)) {
          throw unsupported("timestamp_granularities", granularity, route);
        }
      }
    }
  }

  private static boolean isPossible(Dialect dialect, TranscriptionFormat format) {
    return dialect.reports(ResponseField.SEGMENTS)
        || (format == TranscriptionFormat.VERBOSE_JSON
            && (dialect.reports(ResponseField.WORDS)
                || dialect.reports(ResponseField.LANGUAGE)
                || dialect.reports(ResponseField.DURATION)));
  }

  private static InvalidRequestException unsupported(String param, String value, Route route) {
    return InvalidRequestException.badValue(
        param,
        "unsupported_value",
        "Invalid '%s': the model '%s' does not report the data that '%s' requires."
            .formatted(param, route.id(), InvalidRequestException.shown(value)));
  }

  @Override
  public List<InputBatch> batches(Route route) {
    Map<RequestField, Object> values = fields();
    values.put(RequestField.TASK, translates ? "translate" : "transcribe");
    values.put(RequestField.STREAM, Boolean.TRUE.equals(request.stream()));
    return List.of(BatchPreparation.batch(route, this, 1, values));
  }
}
