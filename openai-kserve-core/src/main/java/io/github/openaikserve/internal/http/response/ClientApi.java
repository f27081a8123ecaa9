package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.internal.json.write.ErrorResponse;
import io.github.openaikserve.internal.json.write.MessageWriter;
import io.github.openaikserve.internal.messages.MessageErrors;

/** The API that a client uses. It determines the format of errors and of lists of models. */
public enum ClientApi {
  /** OpenAI's API. */
  OPENAI,
  /** Anthropic's API. */
  ANTHROPIC;

  private static final String MESSAGES = "/v1/messages";

  /**
   * Returns the API of a request, determined by its path or by the header of Anthropic's clients.
   */
  public static ClientApi of(ApiRequest request) {
    String path = request.path();
    boolean messages =
        path.startsWith(MESSAGES)
            && (path.length() == MESSAGES.length()
                || "/?".indexOf(path.charAt(MESSAGES.length())) >= 0);
    return messages || request.header("anthropic-version") != null ? ANTHROPIC : OPENAI;
  }

  /**
   * Returns the JSON of a failure.
   *
   * <p>Source: Anthropic's API reference, errors.
   *
   * @param requestId empty if unknown
   */
  byte[] json(Throwable failure, String requestId) {
    ErrorResponse error = ErrorResponses.error(failure);
    return this == OPENAI
        ? error.json()
        : MessageWriter.writeError(
            MessageErrors.type(ErrorResponses.status(failure)),
            MessageErrors.message(error.code(), error.message()),
            requestId);
  }
}
