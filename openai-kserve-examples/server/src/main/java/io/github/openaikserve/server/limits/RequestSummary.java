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
 * The parts of a request's body that limits depend on. Immutable.
 *
 * @param readable whether the body is one JSON object, or a form
 * @param models the names of models in the body: normally one; empty for the default model
 * @param tokens the estimated tokens of the prompt and of the longest possible answer
 */
record RequestSummary(boolean readable, Set<String> models, long tokens) {
  /** OpenAI's estimate of the characters per token. */
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** The estimated tokens of an answer without a maximum. */
  private static final int DEFAULT_ANSWER = 16;

  /** The estimated tokens of an image or another file in the request. */
  private static final int TOKENS_PER_FILE = 1000;

  private static final int MAX_CHOICES = 128;

  /** The paths whose requests are forms. */
  private static final Pattern FORMS =
      Pattern.compile("^/v1/audio/(transcriptions|translations)/?(\\?|$)");

  /** Accepts strings of any length, so that it reads every body that the library accepts. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  RequestSummary {
    models = Set.copyOf(models);
  }

  /**
   * Reads the body of a request, without storing it.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if the body is an invalid form
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

  /** Reads a JSON body, without storing it. */
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
        parser.skipChildren(); // fails if the rest of the body is not JSON
      }
    }

    private static long number(JsonParser parser, JsonToken value, long otherwise, long max)
        throws IOException {
      if (value != JsonToken.VALUE_NUMBER_INT) {
        parser.skipChildren();
        return otherwise;
      }
      boolean fits = parser.getNumberType() == JsonParser.NumberType.INT;
      return fits ? Math.max(1, Math.min(max, parser.getIntValue())) : max;
    }

    /** Counts texts by length, each number as a token, and each file as a fixed amount. */
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
