package io.github.openaikserve.resilience;

import java.util.Objects;

/**
 * The address of one model server. Endpoints with the same address are the same server. Immutable.
 *
 * @param address the address to connect to, such as {@code gpu-1:8001}; also the endpoint's name in
 *     logs and metrics
 * @param authority the host name in the server's certificate, with its port. Equal to the address,
 *     unless the address is one of several behind a DNS name
 */
public record Endpoint(String address, String authority) {
  /** Checks that both values are present. */
  public Endpoint {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(authority, "authority");
  }

  /** Returns the endpoint at an address, which is also its authority. */
  public static Endpoint of(String address) {
    return new Endpoint(address, address);
  }

  @Override
  public String toString() {
    return address;
  }
}
