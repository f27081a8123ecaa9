package io.github.openaikserve.resilience;

import java.util.Objects;

/**
 * The address of one model server. Immutable; two endpoints with the same address are the same
 * server.
 *
 * @param address where to connect, such as {@code gpu-1:8001}; also its name in logs and metrics
 * @param authority the host name that the server's certificate must have, with its port; the
 *     address unless the address is one of several behind a name
 */
public record Endpoint(String address, String authority) {
  /** Checks that both are given. */
  public Endpoint {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(authority, "authority");
  }

  /** Returns the endpoint at an address, which is its authority too. */
  public static Endpoint of(String address) {
    return new Endpoint(address, address);
  }

  @Override
  public String toString() {
    return address;
  }
}
