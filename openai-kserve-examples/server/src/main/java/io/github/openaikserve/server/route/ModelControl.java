package io.github.openaikserve.server.route;

import java.util.regex.Pattern;

/** The paths that load and unload models. */
public final class ModelControl {
  private static final Pattern PATH = Pattern.compile("/v1/models/.+/(?:un)?load/?");

  private ModelControl() {}

  /** Returns whether a request asks to load or unload a model. */
  public static boolean isAsked(String method, String path) {
    return method.equals("POST") && PATH.matcher(Health.withoutQuery(path)).matches();
  }
}
