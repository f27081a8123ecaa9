package io.github.openaikserve.openaijava;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import io.github.openaikserve.http.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Adapts a handler's response to the SDK. Thread-safe. */
final class HandlerResponse implements HttpResponse {
  private final ApiResponse response;
  private final Headers headers;

  // Guarded by this.
  private @Nullable InputStream body;
  private boolean closed;

  HandlerResponse(ApiResponse response) {
    this.response = response;
    Headers.Builder all = Headers.builder();
    response.headers().forEach(all::put);
    headers = all.build();
  }

  @Override
  public int statusCode() {
    return response.status();
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public synchronized InputStream body() {
    if (closed) {
      return InputStream.nullInputStream();
    }
    if (body == null) {
      body = response.body().inputStream();
    }
    return body;
  }

  /** Cancels the backend's call if it still runs, and unblocks a thread that reads the body. */
  @Override
  public void close() {
    InputStream reading;
    synchronized (this) {
      closed = true;
      reading = body;
    }
    try {
      if (reading != null) {
        reading.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      response.body().close();
    }
  }
}
