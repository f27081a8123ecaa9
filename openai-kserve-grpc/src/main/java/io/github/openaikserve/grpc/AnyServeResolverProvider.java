package io.github.openaikserve.grpc;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Tells gRPC what {@code anyserve://} targets mean. Thread-safe.
 *
 * <p>gRPC finds it as a service; {@link GrpcBackendBuilder} registers it, too, for where shading
 * has lost the services.
 */
public final class AnyServeResolverProvider extends NameResolverProvider {
  /** For gRPC, which makes one. */
  public AnyServeResolverProvider() {}

  /** Sees to it that gRPC knows the scheme. */
  static void register() {
    NameResolverRegistry.getDefaultRegistry().register(Registered.PROVIDER);
  }

  @Override
  public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return AnyServeTarget.SCHEME.equals(target.getScheme())
        ? new AnyServeResolver(AnyServeTarget.parse(target.toString()), args)
        : null;
  }

  @Override
  public String getDefaultScheme() {
    return AnyServeTarget.SCHEME;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 5; // as every provider that is not a fallback
  }

  private static final class Registered {
    static final NameResolverProvider PROVIDER = new AnyServeResolverProvider();
  }
}
