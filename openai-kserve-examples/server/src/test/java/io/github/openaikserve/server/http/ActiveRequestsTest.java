package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpConnection;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ActiveRequestsTest {
  private final ActiveRequests exchanges = new ActiveRequests();
  private final List<String> closed = new ArrayList<>();

  @Test
  void theConnectionThatIsIdleForLongestIsClosedWhenTooManyAreOpen() {
    HttpConnection a = connection("a");
    HttpConnection b = connection("b");
    exchanges.opened(a, 2);
    exchanges.opened(b, 2);

    exchanges.opened(connection("c"), 2);
    exchanges.opened(connection("d"), 2);

    assertThat(closed).containsExactly("a", "b");
    assertThat(exchanges.connections()).isEqualTo(2);
  }

  private HttpConnection connection(String name) {
    return (HttpConnection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpConnection.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "close" -> {
                    closed.add(name);
                    yield null;
                  }
                  case "hashCode" -> name.hashCode();
                  case "equals" -> proxy == arguments[0];
                  default -> null;
                });
  }
}
