package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInferResponse.InferOutputTensor;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.testsupport.TestSubscriber;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A stopped reader uses bounded memory, even with a fast server. */
final class StoppedReaderTest {
  private static final int MESSAGES = 100_000;
  private static final int READ = 100;

  /** The window, and the bytes that the server buffers before it is not ready. */
  private static final int MOST = 512 << 10;

  private final AtomicInteger sent = new AtomicInteger();
  private final int size = message().getSerializedSize();

  @Test
  void aStreamWithoutDemandStopsAfterItsFlowControlWindow() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new Fast())
            .build()
            .start();
    try (var backend = Servers.connect("127.0.0.1:" + server.getPort())) {
      var reader = new TestSubscriber<InferResponse>(READ);
      backend
          .infer(InferCall.of(Rpc.MODEL_STREAM_INFER, InferRequest.of("m", "", List.of())))
          .subscribe(reader);
      reader.awaitItems(READ);

      int before;
      do { // the answer to a probe arrives after everything that the server could send before
        before = sent.get();
        for (int answers = 0; answers < 20; ) {
          if (backend.ready().toCompletableFuture().get().equals(Optional.of(true))) {
            answers++;
          }
        }
      } while (sent.get() != before);

      assertThat((sent.get() - READ) * size).isBetween(64 << 10, MOST);
      reader.cancel();
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void aTooSmallFlowControlWindowIsRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcBackend.builder().flowControlWindow(1000))
        .withMessageContaining("64 KiB");
  }

  private static ModelStreamInferResponse message() {
    return ModelStreamInferResponse.newBuilder()
        .setInferResponse(
            ModelInferResponse.newBuilder()
                .setModelName("generate_stream")
                .addOutputs(
                    InferOutputTensor.newBuilder()
                        .setName("token")
                        .setDatatype("BYTES")
                        .addShape(1)
                        .setContents(
                            InferTensorContents.newBuilder()
                                .addBytesContents(ByteString.copyFromUtf8(" tok12")))))
        .build();
  }

  /** Sends responses whenever the call is ready. */
  private final class Fast extends NamedService {
    Fast() {
      super("", "");
    }

    @Override
    public void modelStreamInfer(
        ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
      var call = (ServerCallStreamObserver<ModelStreamInferResponse>) responses;
      ModelStreamInferResponse message = message();
      call.setOnReadyHandler(
          () -> {
            while (call.isReady() && sent.get() < MESSAGES) {
              call.onNext(message);
              sent.incrementAndGet();
            }
          });
    }
  }
}
