package io.github.openaikserve.server.key;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.server.limits.Client;
import io.github.openaikserve.server.limits.Client.Scope;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A rule that decides whether a request has a scope. Thread-safe. */
public interface ScopeRule {
  /** Returns the error for a request without the scope; empty if it has the scope. */
  Optional<InvalidRequestException> refusal(ApiRequest request, Scope scope);

  /** Returns the rule that every request has every scope. */
  static ScopeRule open() {
    return (request, scope) -> Optional.empty();
  }

  /** Returns the rule of a server with keys: the key of a request must have the scope. */
  static ScopeRule forKeys(Function<ApiRequest, @Nullable Client> clients) {
    return (request, scope) -> {
      Client client = clients.apply(request);
      return client != null && client.scopes().contains(scope)
          ? Optional.empty()
          : refused(
              "This API key may not %s: it lacks the scope %s."
                  .formatted(scope.use(), scope.value()));
    };
  }

  /**
   * Returns the rule of a server without keys: it must listen on a loopback address, and the
   * request's Host header must name one. The second condition stops requests that other web sites
   * make through a browser.
   */
  static ScopeRule withoutKeys(boolean listensOnLoopback) {
    Set<String> names = Set.of("localhost", "127.0.0.1", "[::1]");
    return (request, scope) -> {
      String host = request.header("host");
      String name = host == null ? "" : host.replaceFirst(":[0-9]*$", "");
      return listensOnLoopback && names.contains(name)
          ? Optional.empty()
          : refused(
              ("Without API keys, only requests to a loopback address may %s. For other addresses,"
                      + " configure an API key with the scope %s.")
                  .formatted(scope.use(), scope.value()));
    };
  }

  private static Optional<InvalidRequestException> refused(String message) {
    return Optional.of(new InvalidRequestException(403, "missing_scope", null, message));
  }
}
