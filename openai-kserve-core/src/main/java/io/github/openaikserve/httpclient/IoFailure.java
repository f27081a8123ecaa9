package io.github.openaikserve.httpclient;

import java.io.IOException;

/** The failures that {@code java.net.http} reports: all of them are {@link IOException}s. */
final class IoFailure {
  private IoFailure() {}

  static IOException of(Throwable failure) {
    return failure instanceof IOException io ? io : new IOException(failure.getMessage(), failure);
  }
}
