package io.github.openaikserve.server.key;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.server.limits.Client;
import io.github.openaikserve.server.limits.Client.Scope;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides who may make the requests that need a scope. Thread-safe. */
public interface ScopeRule {
  /** Returns why a request may not do what needs the scope; empty if it may. */
  Optional<InvalidRequestException> refusal(ApiRequest request, Scope scope);

  /** Returns the rule of a server with keys: the key of a request must have the scope. */
  static ScopeRule forKeys(Function<ApiRequest, @Nullable Client> clients) {
    return (request, scope) -> {
      Client client = clients.apply(request);
      return client != null && client.scopes().contains(scope)
          ? Optional.empty()
          : refused(
              "This key may not %s: it lacks the scope %s.".formatted(scope.use(), scope.value()));
    };
  }

  /**
   * Returns the rule of a server without keys: it must listen on this machine alone and be called
   * by a name of this machine, so that no other web site makes the request through a browser.
   */
  static ScopeRule withoutKeys(boolean listensOnLoopback) {
    Set<String> names = Set.of("localhost", "127.0.0.1", "[::1]");
    return (request, scope) -> {
      String host = request.header("host");
      String name = host == null ? "" : host.replaceFirst(":[0-9]*$", "");
      return listensOnLoopback && names.contains(name)
          ? Optional.empty()
          : refused(
              ("Without API keys, only requests to a loopback address may %s. Set a key with the"
                      + " scope %s to do it from elsewhere.")
                  .formatted(scope.use(), scope.value()));
    };
  }

  private static Optional<InvalidRequestException> refused(String message) {
    return Optional.of(new InvalidRequestException(403, "missing_scope", null, message));
  }
}
