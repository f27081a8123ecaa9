package io.github.openaikserve.server.testing;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** Sends text as fast as it is read, and never ends. */
public final class EndlessService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
  private static final ModelStreamInferResponse PIECE = PacedService.chunk("x".repeat(16 << 10));

  @Override
  public void modelStreamInfer(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    var observer = (ServerCallStreamObserver<ModelStreamInferResponse>) responses;
    observer.setOnCancelHandler(() -> {});
    observer.setOnReadyHandler(
        () -> {
          while (observer.isReady()) {
            observer.onNext(PIECE);
          }
        });
  }
}
