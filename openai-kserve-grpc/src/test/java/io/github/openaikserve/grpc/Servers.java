package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Real servers on loopback, and their responses. */
final class Servers {
  private Servers() {}

  static Server start(BindableService service) throws IOException {
    return startOn(0, service);
  }

  static Server startOn(int port, BindableService service) throws IOException {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .addService(service)
        .build()
        .start();
  }

  static String target(Server server) {
    return "127.0.0.1:" + server.getPort();
  }

  /** Returns a backend for one server, without balancing and retries. */
  static GrpcBackend connect(String target) {
    return GrpcBackend.builder().target(target).build();
  }

  /** Asserts that a readiness probe fails with UNAVAILABLE. */
  static void assertNotReady(InferenceBackend backend) {
    assertThat(backend.ready())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.UNAVAILABLE));
  }

  static InferCall streamCall() {
    return InferCall.of(Rpc.MODEL_STREAM_INFER, request());
  }

  static InferCall unaryCall() {
    return InferCall.of(Rpc.MODEL_INFER, request());
  }

  private static InferRequest request() {
    return InferRequest.of("generate", "llamacpp", List.of(Tensor.text("prompt", "hello")));
  }

  static ModelStreamInferResponse chunk(String token) {
    return ModelStreamInferResponse.newBuilder().setInferResponse(response(token)).build();
  }

  static ModelInferResponse response(String token) {
    return response(ByteString.copyFromUtf8(token));
  }

  static ModelInferResponse response(ByteString token) {
    return ModelInferResponse.newBuilder()
        .addOutputs(
            ModelInferResponse.InferOutputTensor.newBuilder()
                .setName("token")
                .setDatatype("BYTES")
                .addShape(1)
                .setContents(InferTensorContents.newBuilder().addBytesContents(token)))
        .build();
  }
}
