package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import java.util.Locale;
import java.util.Set;

/**
 * A check against cross-origin requests without a preflight. Browsers let a web page of any origin
 * send some content types, and check the origin only for others, such as JSON. Requests of web
 * pages with those types are rejected. Clients other than browsers, such as curl, may send them.
 *
 * <p>Source: the Fetch standard, <i>CORS-safelisted request-header</i> and <i>Origin header</i>.
 */
final class ContentTypes {
  private static final String FORM = "multipart/form-data";
  private static final Set<String> REFUSED =
      Set.of("application/x-www-form-urlencoded", FORM, "text/plain");

  /** The paths whose requests may be forms. */
  private static final Set<String> FORMS = Set.of(Routes.TRANSCRIPTIONS, Routes.TRANSLATIONS);

  private ContentTypes() {}

  /**
   * Checks the content type of a request.
   *
   * @throws InvalidRequestException (415) if a web page has sent a form or plain text
   */
  static void check(ApiRequest request) {
    String header = request.header("content-type");
    if (header == null || request.header("origin") == null) {
      return;
    }
    int parameters = header.indexOf(';');
    String type = (parameters < 0 ? header : header.substring(0, parameters)).strip();
    String lower = type.toLowerCase(Locale.ROOT);
    if (lower.equals(FORM) && FORMS.contains(Routes.pathOf(request))) {
      return;
    }
    if (REFUSED.contains(lower)) {
      throw new InvalidRequestException(
          415,
          "unsupported_content_type",
          null,
          "Unsupported content type: '%s'. Web pages must send 'Content-Type: application/json'."
              .formatted(InvalidRequestException.shown(type)));
    }
  }
}
