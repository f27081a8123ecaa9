package io.github.openaikserve.server.ui;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.server.limits.Client;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides who may read the status. Thread-safe. */
public interface StatusAccess {
  /** Returns why a request may not read the status; empty if it may. */
  Optional<InvalidRequestException> refusal(ApiRequest request);

  /** Returns access for keys with the operator scope. */
  static StatusAccess forOperators(Function<ApiRequest, @Nullable Client> clients) {
    return request -> {
      Client client = clients.apply(request);
      return client != null && client.operator()
          ? Optional.empty()
          : Optional.of(
              new InvalidRequestException(
                  403,
                  "missing_scope",
                  null,
                  "This key may not read the status of the server: it lacks the scope operator."));
    };
  }

  /**
   * Returns access for a server without keys: only if it listens on this machine alone and is
   * called by a name of this machine, so that no other web site reads the status through a browser.
   */
  static StatusAccess withoutKeys(boolean listensOnLoopback) {
    Set<String> names = Set.of("localhost", "127.0.0.1", "[::1]");
    return request -> {
      String host = request.header("host");
      String name = host == null ? "" : host.replaceFirst(":[0-9]*$", "");
      return listensOnLoopback && names.contains(name)
          ? Optional.empty()
          : Optional.of(
              new InvalidRequestException(
                  403,
                  "missing_scope",
                  null,
                  "Without API keys, the status is served only on a loopback address. Set a key"
                      + " with the scope operator to read it from elsewhere."));
    };
  }
}
