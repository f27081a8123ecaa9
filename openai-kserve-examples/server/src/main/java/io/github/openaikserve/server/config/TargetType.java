package io.github.openaikserve.server.config;

import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.server.options.Type;
import io.github.openaikserve.server.options.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An address of a model server, as {@link io.github.openaikserve.grpc.GrpcBackendBuilder#target}
 * accepts it.
 */
class TargetType implements Type<String> {
  @Override
  public String read(Value value) {
    String target = value.text();
    try {
      check(target);
    } catch (IllegalArgumentException e) {
      throw value.wrong(
          String.valueOf(e.getMessage())
              .replaceFirst("; for others.*", "")
              .replace("host:port", "HOST:PORT")
              .replace("tls()", "'tls: true'"));
    }
    return target;
  }

  void check(String target) {
    GrpcBackend.builder().target(target);
  }

  @Override
  public String label() {
    return "HOST:PORT";
  }

  /** Returns the highest port of a valid target; 0 for a registry, whose servers have others. */
  static int highestPort(String target) {
    return target.startsWith("anyserve:")
        ? 0
        : Stream.of(target.split(","))
            .mapToInt(
                address ->
                    Integer.parseInt(address.substring(address.lastIndexOf(':') + 1).strip()))
            .max()
            .orElse(0);
  }

  static final class Address extends TargetType {
    @Override
    void check(String target) {
      GrpcBackend.builder().streamTarget(target);
    }
  }

  static final class Addresses implements Type<List<String>> {
    private final Type<String> address = new Address();

    @Override
    public List<String> read(Value value) {
      return value.list().stream().map(address::read).toList();
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("items", address.schema());
    }
  }
}
