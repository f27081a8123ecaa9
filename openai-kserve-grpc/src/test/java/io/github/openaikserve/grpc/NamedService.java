package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ServerMetadataRequest;
import io.github.openaikserve.grpc.proto.ServerMetadataResponse;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.github.openaikserve.grpc.proto.ServerReadyResponse;
import io.grpc.stub.StreamObserver;

/** A server that is always ready. Without a name it does not implement ServerMetadata. */
class NamedService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
  private final String name;
  private final String version;

  NamedService(String name, String version) {
    this.name = name;
    this.version = version;
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
    if (name.isEmpty()) {
      super.serverMetadata(request, responses);
    } else {
      answer(
          responses, ServerMetadataResponse.newBuilder().setName(name).setVersion(version).build());
    }
  }

  @Override
  public final void serverReady(
      ServerReadyRequest request, StreamObserver<ServerReadyResponse> responses) {
    answer(responses, ServerReadyResponse.newBuilder().setReady(true).build());
  }

  static <T> void answer(StreamObserver<T> responses, T answer) {
    responses.onNext(answer);
    responses.onCompleted();
  }
}
