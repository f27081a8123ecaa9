package io.github.openaikserve.servlet;

import io.github.openaikserve.http.OpenAiHandler;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous servlet that serves an {@link OpenAiHandler}. Thread-safe.
 *
 * <p>Uses non-blocking reads and writes, so a request holds no thread while the model generates,
 * and the model generates no faster than the client reads. When a client disconnects, the container
 * notices at the next write, and the backend's call is cancelled. Keep-alive comments ({@code
 * OpenAiKServe.Builder.keepAlive}) are such writes; a request for a whole answer has none until the
 * answer is complete.
 *
 * <p>Register it with {@code asyncSupported}, and map it to {@code /v1/*} and optionally {@code
 * /health/*}. The context path is removed from the path. The container's timeouts limit the time
 * for sending the request and reading the response; the service's timeouts limit the answer.
 */
public final class OpenAiServlet implements Servlet {
  private static final int DEFAULT_MAX_BODY = 32 << 20;

  private final OpenAiHandler handler;
  private final int maxBody;
  private final String prefix;
  private volatile @Nullable ServletConfig config;

  private OpenAiServlet(Builder builder) {
    handler = builder.handler;
    maxBody = builder.maxBody;
    prefix = builder.prefix;
  }

  /** Returns a servlet with the default settings. */
  public static OpenAiServlet of(OpenAiHandler handler) {
    return builder(handler).build();
  }

  /** Returns a builder of servlets. */
  public static Builder builder(OpenAiHandler handler) {
    return new Builder(Objects.requireNonNull(handler, "handler"));
  }

  @Override
  public void init(ServletConfig config) {
    this.config = config;
  }

  @Override
  public @Nullable ServletConfig getServletConfig() {
    return config;
  }

  @Override
  public String getServletInfo() {
    return "openai-kserve";
  }

  @Override
  public void destroy() {}

  /**
   * Answers a request.
   *
   * @throws ServletException if the servlet, or a filter before it, was registered without {@code
   *     asyncSupported}
   */
  @Override
  public void service(ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    if (!(request instanceof HttpServletRequest httpRequest)
        || !(response instanceof HttpServletResponse httpResponse)) {
      throw new ServletException("expected an HTTP request, found " + request.getProtocol());
    }
    Exchange.rethrowFailure(httpRequest);
    if (!request.isAsyncSupported()) {
      throw new ServletException(
          "the servlet and all filters before it must be registered with asyncSupported");
    }
    new Exchange(handler, maxBody, prefix, httpRequest, httpResponse).begin();
  }

  /** A builder of servlets. Not thread-safe. */
  public static final class Builder {
    private final OpenAiHandler handler;
    private int maxBody = DEFAULT_MAX_BODY;
    private String prefix = "";

    private Builder(OpenAiHandler handler) {
      this.handler = handler;
    }

    /** Sets the maximum size of a request body (default: 32 MiB); a larger one is a 413. */
    public Builder maxBody(int bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("maxBody must be at least 1, found " + bytes);
      }
      maxBody = bytes;
      return this;
    }

    /**
     * Sets the part of the path, after the context path, to remove before the handler sees it, such
     * as {@code /ai} for a servlet at {@code /ai/*} (default: none).
     */
    public Builder pathPrefix(String prefix) {
      if (!prefix.isEmpty() && (!prefix.startsWith("/") || prefix.endsWith("/"))) {
        throw new IllegalArgumentException(
            "pathPrefix must start with / and must not end with /, found '" + prefix + "'");
      }
      this.prefix = prefix;
      return this;
    }

    /** Builds the servlet. */
    public OpenAiServlet build() {
      return new OpenAiServlet(this);
    }
  }
}
