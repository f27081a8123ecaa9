package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.grpc.internal.service.BackendRpcs;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC service of the Open Inference Protocol that answers with an {@link InferenceBackend}: the
 * server's side of {@link GrpcBackend}. Immutable and thread-safe.
 *
 * <p>With a {@code FakeBackend} this is a scripted model server, with a {@code ReplayBackend} a
 * server that repeats a recording. Demand, cancellations, deadlines and headers of clients reach
 * the backend; its failures become gRPC statuses of the same name. A stream accepts one request.
 * Closing the backend remains the caller's responsibility.
 */
public final class BackendService implements BindableService {
  private final InferenceBackend backend;
  private final @Nullable String service;
  private final boolean unwrappedStreams;

  private BackendService(
      InferenceBackend backend, @Nullable String service, boolean unwrappedStreams) {
    this.backend = backend;
    this.service = service;
    this.unwrappedStreams = unwrappedStreams;
  }

  /** Returns a service under the protocol's own name, {@code inference.GRPCInferenceService}. */
  public static BackendService of(InferenceBackend backend) {
    return new BackendService(Objects.requireNonNull(backend, "backend"), null, false);
  }

  /**
   * Returns this service under another full name, such as TorchServe's {@code
   * org.pytorch.serve.grpc.openinference.GRPCInferenceService}.
   */
  public BackendService named(String service) {
    return new BackendService(
        backend, Objects.requireNonNull(service, "service"), unwrappedStreams);
  }

  /**
   * Returns this service with streams of plain {@code ModelInferResponse} messages, as MLServer
   * sends them, in place of {@code ModelStreamInferResponse}.
   */
  public BackendService unwrappedStreams() {
    return new BackendService(backend, service, true);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return new BackendRpcs(backend, service).bind(unwrappedStreams);
  }
}
