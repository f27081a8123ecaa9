package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.testing.Script;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Headers whose names have equal hashes, which make a lookup as slow as a search. */
final class EqualHashesTest extends ServerTest {
  @Test
  void headersWithEqualHashesAreReadInOnePass() {
    List<String> names = namesWithEqualHashes();
    assertThat(names.stream().map(AsciiString::hashCode).distinct()).hasSize(1);
    List<String> calls = new ArrayList<>();
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    names.forEach(name -> headers.add(name, "1"));

    RequestHead head = RequestHead.of(request(recording(headers, calls)), "7");

    assertThat(calls)
        .as("a lookup would compare the name with each other name")
        .containsExactly("iterator");
    assertThat(head.withoutBody().headers())
        .containsKeys(names.get(0), names.get(100))
        .doesNotContainKey(names.get(101));
  }

  @Test
  void manyHeadersWithEqualHashesAre431() throws Exception {
    start(Script.echo());
    String head =
        "GET /x HTTP/1.1\r\n" + String.join(": 1\r\n", namesWithEqualHashes()) + ": 1\r\n\r\n";

    assertThat(head).hasSizeLessThan(ServerOptions.defaults().maxHeaders());
    assertThat(answer(head, "headers_too_large")).startsWith("HTTP/1.1 431 ");
  }

  /**
   * Returns names whose hashes are equal in the HTTP codec's map. Its hash uses five bits of each
   * character, which are those of 'p' for '0'.
   */
  private static List<String> namesWithEqualHashes() {
    return IntStream.range(1 << 9, 1 << 10)
        .mapToObj(i -> Integer.toBinaryString(i).replace('1', 'p'))
        .toList();
  }

  private static MultiMap recording(MultiMap headers, List<String> calls) {
    return proxy(
        MultiMap.class,
        (proxy, method, arguments) -> {
          calls.add(method.getName());
          return method.invoke(headers, arguments);
        });
  }

  private static HttpServerRequest request(MultiMap headers) {
    return proxy(
        HttpServerRequest.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "headers" -> headers;
              case "method" -> HttpMethod.GET;
              case "path" -> "/x";
              default -> null;
            });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler calls) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
  }
}
