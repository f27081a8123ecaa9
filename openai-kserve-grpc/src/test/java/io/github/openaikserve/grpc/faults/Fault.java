package io.github.openaikserve.grpc.faults;

import java.io.IOException;

/** What happens to one connection. Stateless, or one per connection. */
@FunctionalInterface
public interface Fault {
  /** Carries the connection as far as it goes; both sockets are closed afterwards. */
  void carry(Link link) throws IOException;
}
