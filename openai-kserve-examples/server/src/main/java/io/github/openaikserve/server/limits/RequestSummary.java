package io.github.openaikserve.server.limits;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.MultipartForm;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What limits need to know of a request's body. Immutable.
 *
 * @param readable whether the body is one JSON object, or a form
 * @param models the names of models in the body: normally one, none for the default model
 * @param tokens an estimate of the tokens of the prompt and the longest answer
 */
record RequestSummary(boolean readable, Set<String> models, long tokens) {
  /** Characters of a text for each of its tokens, as OpenAI counts before it knows. */
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** What an answer is counted for that has no maximum, until its usage is known. */
  private static final int DEFAULT_ANSWER = 16;

  /** What an image or another file within the request is counted for. */
  private static final int TOKENS_PER_FILE = 1000;

  private static final int MAX_CHOICES = 128;

  /** The paths whose requests are forms. */
  private static final Pattern FORMS =
      Pattern.compile("^/v1/audio/(transcriptions|translations)/?(\\?|$)");

  /** The largest that the library's own reader may be set to, so that this reads all it does. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  /** Copies the set. */
  RequestSummary {
    models = Set.copyOf(models);
  }

  /**
   * Reads the body of a request. Keeps none of it.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if it is a form that cannot be
   *     read
   */
  static RequestSummary of(ApiRequest request) {
    return FORMS.matcher(request.path()).find()
        ? ofForm(MultipartForm.read(request.header("content-type"), request.body()))
        : of(request.body());
  }

  private static RequestSummary ofForm(List<MultipartForm.Part> parts) {
    Set<String> models = new LinkedHashSet<>();
    long tokens = DEFAULT_ANSWER;
    for (MultipartForm.Part part : parts) {
      switch (part.name()) {
        case "model" -> models.add(part.text());
        case "file" -> tokens += TOKENS_PER_FILE;
        default -> tokens += part.content().remaining() / CHARACTERS_PER_TOKEN;
      }
    }
    return new RequestSummary(true, models, tokens);
  }

  /** Reads a body that is JSON. Keeps none of it. */
  static RequestSummary of(byte[] body) {
    var reader = new Reader();
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new RequestSummary(false, Set.of(), 0);
      }
      reader.readObject(parser);
      return new RequestSummary(true, reader.models, reader.tokens());
    } catch (IOException e) {
      return new RequestSummary(false, Set.of(), reader.tokens());
    }
  }

  private static final class Reader {
    private final Set<String> models = new LinkedHashSet<>();
    private long characters;
    private long prompt;
    private long answer = DEFAULT_ANSWER;
    private long choices = 1;

    long tokens() {
      return prompt + characters / CHARACTERS_PER_TOKEN + answer * choices;
    }

    void readObject(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "model" -> {
            if (value == JsonToken.VALUE_STRING) {
              models.add(parser.getText());
            }
            parser.skipChildren();
          }
          case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
              answer = number(parser, value, answer, Integer.MAX_VALUE);
          case "n", "best_of" -> choices = number(parser, value, choices, MAX_CHOICES);
          case "prompt",
              "messages",
              "input",
              "instructions",
              "system",
              "tools",
              "query",
              "queries",
              "documents",
              "text_1",
              "text_2" ->
              count(parser, value);
          default -> parser.skipChildren();
        }
      }
      while (parser.nextToken() != null) {
        parser.skipChildren(); // to see that the body is no JSON as a whole
      }
    }

    private static long number(JsonParser parser, JsonToken value, long otherwise, long most)
        throws IOException {
      if (value != JsonToken.VALUE_NUMBER_INT) {
        parser.skipChildren();
        return otherwise;
      }
      boolean fits = parser.getNumberType() == JsonParser.NumberType.INT;
      return fits ? Math.max(1, Math.min(most, parser.getIntValue())) : most;
    }

    /** Counts texts by their length, numbers as tokens, and files as a whole. */
    private void count(JsonParser parser, JsonToken first) throws IOException {
      int depth = 0;
      for (JsonToken token = first; token != null; token = parser.nextToken()) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.VALUE_STRING) {
          countText(parser);
        } else if (token.isNumeric()) {
          prompt++;
        }
        if (depth == 0) {
          return;
        }
      }
    }

    private void countText(JsonParser parser) throws IOException {
      String name = parser.currentName();
      if ("data".equals(name) || "url".equals(name) || "image_url".equals(name)) {
        prompt += TOKENS_PER_FILE;
      } else {
        characters += parser.getTextLength();
      }
    }
  }
}
