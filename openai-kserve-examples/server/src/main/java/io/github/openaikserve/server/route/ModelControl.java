package io.github.openaikserve.server.route;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The paths that load and unload models. */
public final class ModelControl {
  private static final Pattern PATH =
      Pattern.compile("/v1/models/.+/(?:un)?load/?", Pattern.DOTALL);

  private ModelControl() {}

  /** Returns whether a request asks to load or unload a model. */
  public static boolean isAsked(String method, String path) {
    return method.equals("POST") && PATH.matcher(decoded(Health.withoutQuery(path))).matches();
  }

  /** Decodes a path as the library does; returns an empty text if it cannot be decoded. */
  public static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
