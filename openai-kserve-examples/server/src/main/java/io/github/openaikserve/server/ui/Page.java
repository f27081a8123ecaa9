package io.github.openaikserve.server.ui;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The web page and its content security policy, which allows only the page's own script and style
 * sheet, by their hashes. Immutable.
 *
 * @param bytes the page; must not be modified
 * @param policy the value of {@code content-security-policy}
 */
@SuppressWarnings("ArrayRecordComponent")
record Page(byte[] bytes, String policy) {
  private static final String FILE = "page.html";

  static Page load() {
    try (InputStream in = Page.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing from the jar");
      }
      byte[] bytes = in.readAllBytes();
      String text = new String(bytes, StandardCharsets.UTF_8);
      return new Page(bytes, policy(content(text, "script"), content(text, "style")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String policy(String script, String style) {
    return String.join(
        "; ",
        "default-src 'none'",
        "script-src '" + hash(script) + "'",
        "style-src '" + hash(style) + "'",
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'");
  }

  /** Returns the content of the only element with this name. */
  private static String content(String text, String element) {
    String begin = "<" + element + ">";
    int from = text.indexOf(begin);
    int to = text.indexOf("</" + element + ">", from);
    if (from < 0 || to < 0) {
      throw new IllegalStateException(FILE + " has no element " + element);
    }
    return text.substring(from + begin.length(), to);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
