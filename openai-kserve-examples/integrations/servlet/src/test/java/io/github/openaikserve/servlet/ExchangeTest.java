package io.github.openaikserve.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.testing.FakeBackend;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an exchange does to its container, which reuses the objects of a request. */
final class ExchangeTest {
  private final List<String> calls = new ArrayList<>();
  private final OpenAiHandler handler =
      OpenAiKServe.builder(FakeBackend.tokens("a"))
          .model("m", Dialects.ANYSERVE)
          .build()
          .httpHandler();

  @Test
  void anEndedRequestIsNotEndedAgain() {
    AsyncContext context = proxy(AsyncContext.class, (self, method, arguments) -> note(method));
    HttpServletRequest request =
        proxy(
            HttpServletRequest.class,
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "getMethod" -> "POST";
                  case "getRequestURI" -> "/v1/completions";
                  case "getContextPath" -> "";
                  case "getHeaderNames" -> Collections.emptyEnumeration();
                  case "startAsync" -> context;
                  default -> null;
                });
    var exchange =
        new Exchange(
            handler,
            1000,
            "",
            request,
            proxy(HttpServletResponse.class, (self, method, arguments) -> null));
    var event = new AsyncEvent(context);
    calls.clear(); // of the event's constructor

    exchange.onTimeout(event);
    exchange.onError(event);
    exchange.complete();
    exchange.abort(new IllegalStateException("too late"));

    assertThat(calls).containsExactly("complete");
  }

  private @Nullable Object note(Method method) {
    calls.add(method.getName());
    return null;
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
