package io.github.openaikserve.server.limits;

import io.github.openaikserve.server.options.Type;
import io.github.openaikserve.server.options.Value;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A block of IP addresses, such as {@code 10.0.0.0/8}. Immutable. */
public final class Cidr {
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}");

  private final byte[] network;
  private final int bits;
  private final String text;

  private Cidr(byte[] network, int bits, String text) {
    this.network = network;
    this.bits = bits;
    this.text = text;
  }

  /**
   * Parses an IP address, or an IP address with the length of its prefix. Makes no DNS lookup.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static Cidr of(String text) {
    int slash = text.indexOf('/');
    byte[] network = address(slash < 0 ? text : text.substring(0, slash));
    int size = network.length * Byte.SIZE;
    int bits = slash < 0 ? size : length(text.substring(slash + 1));
    if (network.length == 0 || bits < 0 || bits > size) {
      throw new IllegalArgumentException(
          "expected an IP address or a block of addresses such as 10.0.0.0/8, found '"
              + text
              + "'");
    }
    return new Cidr(network, bits, text);
  }

  private static int length(String digits) {
    return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
  }

  /** Returns the bytes of an IP address; empty if the text is not one. */
  private static byte[] address(String text) {
    // Excludes host names, which getByName would look up.
    if (!ADDRESS.matcher(text).matches() || !(text.contains(":") || isDotted(text))) {
      return new byte[0];
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      return new byte[0];
    }
  }

  private static boolean isDotted(String text) {
    return text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }

  /** Returns whether an IP address is in the block; false if the text is not an IP address. */
  public boolean contains(String address) {
    byte[] bytes = address(address);
    if (bytes.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if ((bytes[bit / Byte.SIZE] & mask) != (network[bit / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }

  static final class Blocks implements Type<List<Cidr>> {
    @Override
    public List<Cidr> read(Value value) {
      return value.list().stream().map(block -> block.make(() -> of(block.text()))).toList();
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("items", Map.of("type", "string"));
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
