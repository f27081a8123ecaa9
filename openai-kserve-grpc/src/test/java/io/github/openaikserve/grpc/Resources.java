package io.github.openaikserve.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a test opens. It is closed in the reverse order. */
final class Resources implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  Server start(BindableService service) throws IOException {
    return add(Servers.start(service));
  }

  Server add(Server server) {
    open.push(() -> server.shutdownNow().awaitTermination());
    return server;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new AssertionError("a resource cannot be closed", e);
      }
    }
  }
}
