package io.github.openaikserve.grpc.faults;

import java.io.IOException;

/** A fault of one connection. Stateless, or one instance per connection. */
@FunctionalInterface
public interface Fault {
  /** Forwards the connection's data, with the fault; both sockets are closed afterwards. */
  void carry(Link link) throws IOException;
}
