package io.github.openaikserve.grpc.servers;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelMetadataResponse.TensorMetadata;
import io.github.openaikserve.grpc.proto.ServerMetadataRequest;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.github.openaikserve.grpc.proto.ServerReadyResponse;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A scripted server on loopback, over Netty. Records its requests. */
public abstract class ModelServer extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase
    implements AutoCloseable {
  private static final long PATIENCE = 10;

  private final List<ModelInferRequest> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger streams = new AtomicInteger();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final List<Server> servers = new CopyOnWriteArrayList<>();

  /** Returns the address, as a target. */
  public String target() {
    return "127.0.0.1:" + servers.get(0).getPort();
  }

  /** Returns the inference requests, in order. */
  public List<ModelInferRequest> requests() {
    return List.copyOf(requests);
  }

  /** Returns the number of requests on streams. */
  public int streams() {
    return streams.get();
  }

  /** Returns whether an inference request arrives within a timeout. */
  public boolean isAsked() throws InterruptedException {
    return asked.await(PATIENCE, TimeUnit.SECONDS);
  }

  /** Returns whether a cancellation arrives within a timeout. */
  public boolean receivesCancellation() throws InterruptedException {
    return cancelled.await(PATIENCE, TimeUnit.SECONDS);
  }

  final void listen(ServerServiceDefinition service) throws IOException {
    listenOn(0, service);
  }

  final void listenOn(int port, ServerServiceDefinition service) throws IOException {
    servers.add(
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(ServerInterceptors.intercept(service, new HeaderRecorder()))
            .build()
            .start());
  }

  /** Returns the port of the first server. */
  final int port() {
    return servers.get(0).getPort();
  }

  @Override
  public void serverReady(
      ServerReadyRequest request, StreamObserver<ServerReadyResponse> responses) {
    answer(responses, ServerReadyResponse.newBuilder().setReady(true).build());
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
    ServerMetadataResponse identity = identity();
    if (identity == null) {
      super.serverMetadata(request, responses);
    } else {
      answer(responses, identity);
    }
  }

  /** Returns what the server reports about itself; null if it does not implement that. */
  @Nullable ServerMetadataResponse identity() {
    return null;
  }

  static ServerMetadataResponse identity(String name, String version, String... extensions) {
    return ServerMetadataResponse.newBuilder()
        .setName(name)
        .setVersion(version)
        .addAllExtensions(List.of(extensions))
        .build();
  }

  static TensorMetadata tensor(String name, String datatype, long... shape) {
    return TensorMetadata.newBuilder()
        .setName(name)
        .setDatatype(datatype)
        .addAllShape(Arrays.stream(shape).boxed().toList())
        .build();
  }

  /** Records a unary request. */
  final void asked(ModelInferRequest request, StreamObserver<?> responses) {
    requests.add(request);
    asked.countDown();
  }

  /** Records a request on a stream. */
  final void askedOnStream(ModelInferRequest request, StreamObserver<?> responses) {
    streams.incrementAndGet();
    asked(request, responses);
  }

  /** Records the cancellation of a call. */
  final <T> void watch(StreamObserver<T> responses) {
    ((ServerCallStreamObserver<T>) responses).setOnCancelHandler(cancelled::countDown);
  }

  static void refuse(StreamObserver<?> responses, Status status, String message) {
    responses.onError(status.withDescription(message).asRuntimeException());
  }

  static <T> void answer(StreamObserver<T> responses, T answer) {
    responses.onNext(answer);
    responses.onCompleted();
  }

  /**
   * Returns a service with bidirectional streams, as most servers declare them. A stream ends when
   * the caller has half-closed and all its requests are answered.
   */
  final <R> ServerServiceDefinition bidi(
      BindableService service,
      MethodDescriptor<ModelInferRequest, R> stream,
      BiConsumer<ModelInferRequest, StreamObserver<R>> answer) {
    var definition = ServerServiceDefinition.builder(GRPCInferenceServiceGrpc.SERVICE_NAME);
    String streaming = stream.getFullMethodName();
    for (ServerMethodDefinition<?, ?> method : service.bindService().getMethods()) {
      if (!method.getMethodDescriptor().getFullMethodName().equals(streaming)) {
        definition.addMethod(method);
      }
    }
    ServerCallHandler<ModelInferRequest, R> handler =
        ServerCalls.asyncBidiStreamingCall(
            responses -> {
              watch(responses);
              return new StreamObserver<ModelInferRequest>() {
                private boolean asked;

                @Override
                public void onNext(ModelInferRequest request) {
                  asked = true;
                  askedOnStream(request, responses);
                  answer.accept(request, responses);
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                  if (!asked) {
                    responses.onCompleted();
                  }
                }
              };
            });
    return definition
        .addMethod(
            stream.toBuilder().setType(MethodDescriptor.MethodType.BIDI_STREAMING).build(), handler)
        .build();
  }

  @Override
  public void close() {
    servers.forEach(Server::shutdownNow);
    try {
      for (Server server : servers) {
        server.awaitTermination(PATIENCE, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
