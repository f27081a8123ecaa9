package io.github.openaikserve.httpclient;

import java.io.IOException;

/** Conversion of failures to {@link IOException}s, which {@code java.net.http} requires. */
final class IoFailure {
  private IoFailure() {}

  static IOException of(Throwable failure) {
    return failure instanceof IOException io ? io : new IOException(failure.getMessage(), failure);
  }
}
