package io.github.openaikserve.spring;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers WebFlux requests with a handler. Thread-safe. Reads bodies without codecs, whose limit is
 * 256 KiB, and flushes each buffer of a stream. A client that disconnects cancels the backend's
 * call.
 */
final class WebFluxExchange {
  private static final byte[] NO_BODY = {};

  private final OpenAiHandler handler;
  private final String prefix;
  private final int maxBody;

  WebFluxExchange(OpenAiHandler handler, OpenAiKServeProperties.Routes routes) {
    this.handler = handler;
    this.prefix = routes.pathPrefix();
    this.maxBody = Math.toIntExact(routes.maxBody().toBytes());
  }

  Mono<ServerResponse> answer(ServerRequest request) {
    ApiRequest head =
        new ApiRequest(request.method().name(), path(request), headers(request), NO_BODY);
    Mono<ApiResponse> answer =
        handler
            .reject(head)
            .or(() -> announcedTooLarge(request) ? Optional.of(tooLarge(head)) : Optional.empty())
            .map(Mono::just)
            .orElseGet(() -> body(request).flatMap(body -> answer(head, body)))
            .onErrorResume(DataBufferLimitException.class, e -> Mono.just(tooLarge(head)));
    return answer
        .flatMap(WebFluxExchange::response)
        .doOnDiscard(ApiResponse.class, unsent -> unsent.body().close());
  }

  private Mono<ApiResponse> answer(ApiRequest head, byte[] body) {
    return Mono.fromFuture(
        () -> handler.handle(new ApiRequest(head.method(), head.path(), head.headers(), body)));
  }

  private String path(ServerRequest request) {
    URI uri = request.uri();
    String path =
        uri.getRawPath()
            .substring(request.requestPath().contextPath().value().length() + prefix.length());
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static Map<String, List<String>> headers(ServerRequest request) {
    Map<String, List<String>> headers = new HashMap<>();
    request.headers().asHttpHeaders().forEach(headers::put); // HttpHeaders is not a Map in Spring 7
    return headers;
  }

  private Mono<byte[]> body(ServerRequest request) {
    return DataBufferUtils.join(request.exchange().getRequest().getBody(), maxBody)
        .map(
            buffer -> {
              byte[] bytes = new byte[buffer.readableByteCount()];
              buffer.read(bytes);
              DataBufferUtils.release(buffer);
              return bytes;
            })
        .defaultIfEmpty(NO_BODY);
  }

  private boolean announcedTooLarge(ServerRequest request) {
    return request.headers().contentLength().orElse(0) > maxBody;
  }

  private ApiResponse tooLarge(ApiRequest head) {
    return handler.refuse(
        head,
        new InvalidRequestException(
            413,
            "request_too_large",
            null,
            "The request body exceeds the limit of %d bytes.".formatted(maxBody)));
  }

  private static Mono<ServerResponse> response(ApiResponse response) {
    return ServerResponse.status(response.status())
        .headers(headers -> response.headers().forEach(headers::set))
        .body((message, context) -> write(response.body(), message));
  }

  private static Mono<Void> write(ApiBody body, ServerHttpResponse message) {
    DataBufferFactory buffers = message.bufferFactory();
    Flux<DataBuffer> content =
        JdkFlowAdapter.flowPublisherToFlux(body).map(bytes -> copy(bytes, buffers));
    if (body.length() < 0) {
      return message.writeAndFlushWith(content.map(Mono::just));
    }
    message.getHeaders().setContentLength(body.length());
    return message.writeWith(content);
  }

  private static DataBuffer copy(ByteBuffer bytes, DataBufferFactory buffers) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return buffers.wrap(copy);
  }
}
