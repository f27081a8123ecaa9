package io.github.openaikserve.testsupport;

import io.github.openaikserve.http.ApiResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads the bodies of responses. */
public final class Bodies {
  private Bodies() {}

  /** Returns the whole body. */
  public static byte[] bytes(ApiResponse response) {
    var bytes = new ByteArrayOutputStream();
    try {
      response.body().writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Returns the whole body as UTF-8. */
  public static String text(ApiResponse response) {
    return new String(bytes(response), StandardCharsets.UTF_8);
  }
}
