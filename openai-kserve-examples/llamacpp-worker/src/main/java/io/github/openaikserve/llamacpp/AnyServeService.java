package io.github.openaikserve.llamacpp;

import io.github.openaikserve.llamacpp.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest;
import io.github.openaikserve.llamacpp.proto.ModelInferResponse;
import io.github.openaikserve.llamacpp.proto.ModelMetadataRequest;
import io.github.openaikserve.llamacpp.proto.ModelMetadataResponse;
import io.github.openaikserve.llamacpp.proto.ModelReadyRequest;
import io.github.openaikserve.llamacpp.proto.ModelReadyResponse;
import io.github.openaikserve.llamacpp.proto.ModelStreamInferResponse;
import io.github.openaikserve.llamacpp.proto.ServerLiveRequest;
import io.github.openaikserve.llamacpp.proto.ServerLiveResponse;
import io.github.openaikserve.llamacpp.proto.ServerMetadataRequest;
import io.github.openaikserve.llamacpp.proto.ServerMetadataResponse;
import io.github.openaikserve.llamacpp.proto.ServerReadyRequest;
import io.github.openaikserve.llamacpp.proto.ServerReadyResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AnyServe's worker as a gRPC service, with the capabilities {@code generate}, {@code
 * generate_stream}, {@code model_info}, and {@code embed} of AnyServe's embedding example.
 *
 * <p>It deviates from AnyServe where AnyServe loses information. A failed unary call has a status,
 * not OK without outputs. An invalid request has the status INVALID_ARGUMENT on a stream too. A
 * stream that reached its limit reports {@code length}. A cancelled call stops generating.
 *
 * <p><b>Source:</b> simpx/anyserve, python/anyserve/kserve.py, examples/mvp_demo/embed_app.py.
 */
final class AnyServeService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
  private static final Logger log = LoggerFactory.getLogger(AnyServeService.class);
  private static final String NOT_FINISHED = "null";

  private final LlamaGenerator generator;
  private final Executor generating;
  private final LlamaEmbedder embedder;
  private final Executor embedding;
  private final String modelName;
  private final String version;

  AnyServeService(
      LlamaGenerator generator,
      Executor generating,
      LlamaEmbedder embedder,
      Executor embedding,
      String modelName,
      String version) {
    this.generator = generator;
    this.generating = generating;
    this.embedder = embedder;
    this.embedding = embedding;
    this.modelName = modelName;
    this.version = version;
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
    var call = (ServerCallStreamObserver<ModelInferResponse>) responses;
    if (serves("model_info", request)) {
      call.onNext(AnyServeReplies.info(request, modelName, generator.contextSize()));
      call.onCompleted();
    } else if (serves("generate", request)) {
      // With a handler, gRPC does not throw into the generation after a cancellation.
      call.setOnCancelHandler(() -> {});
      submit(call, generating, () -> generate(request, call));
    } else if (serves("embed", request)) {
      call.setOnCancelHandler(() -> {});
      submit(call, embedding, () -> embed(request, call));
    } else {
      call.onError(
          Status.NOT_FOUND
              .withDescription(
                  "Model '%s:%s' not found"
                      .formatted(request.getModelName(), request.getModelVersion()))
              .asRuntimeException());
    }
  }

  @Override
  public void modelStreamInfer(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    var call = (ServerCallStreamObserver<ModelStreamInferResponse>) responses;
    var gate = new StreamGate(call);
    if (serves("generate_stream", request)) {
      submit(call, generating, () -> stream(request, call, gate));
    } else {
      call.onNext(
          AnyServeReplies.error("No streaming handler for capability: " + request.getModelName()));
      call.onCompleted();
    }
  }

  private boolean serves(String capability, ModelInferRequest request) {
    return request.getModelName().equals(capability)
        && (request.getModelVersion().isEmpty() || request.getModelVersion().equals(version));
  }

  /** Runs the work of a call, unless the call is cancelled while it waits for a thread. */
  static void submit(ServerCallStreamObserver<?> call, Executor threads, Runnable work) {
    try {
      threads.execute(
          () -> {
            if (!call.isCancelled()) {
              work.run();
            }
          });
    } catch (RejectedExecutionException e) {
      call.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("the queue of waiting requests is full")
              .asRuntimeException());
    }
  }

  private void generate(
      ModelInferRequest request, ServerCallStreamObserver<ModelInferResponse> call) {
    try {
      var text = new StringBuilder();
      generator.generate(
          GenerateInputs.of(request),
          piece -> {
            text.append(piece);
            return !call.isCancelled();
          });
      if (!call.isCancelled()) {
        call.onNext(AnyServeReplies.text(request, text.toString(), modelName));
        call.onCompleted();
      }
    } catch (BadRequestException e) {
      call.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    } catch (InterruptedException | RuntimeException e) {
      log.warn("generation failed", e);
      call.onError(Status.INTERNAL.withDescription("the generation failed").asRuntimeException());
    }
  }

  private void embed(ModelInferRequest request, ServerCallStreamObserver<ModelInferResponse> call) {
    try {
      float[] vector = embedder.embed(GenerateInputs.requiredText(request, "text"));
      if (!call.isCancelled()) {
        call.onNext(AnyServeReplies.embedding(request, vector));
        call.onCompleted();
      }
    } catch (BadRequestException e) {
      call.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    } catch (RuntimeException e) {
      log.warn("embedding failed", e);
      call.onError(Status.INTERNAL.withDescription("the embedding failed").asRuntimeException());
    }
  }

  private void stream(
      ModelInferRequest request,
      ServerCallStreamObserver<ModelStreamInferResponse> call,
      StreamGate gate) {
    try {
      String finishReason =
          generator.generate(
              GenerateInputs.of(request),
              piece -> {
                if (!gate.await()) {
                  return false;
                }
                call.onNext(AnyServeReplies.chunk(request, piece, NOT_FINISHED));
                return true;
              });
      if (gate.isStalled()) {
        fail(
            call,
            "Error in stream handler: the client read nothing for %d seconds"
                .formatted(StreamGate.MAX_WAIT_SECONDS));
      } else if (!call.isCancelled()) {
        call.onNext(AnyServeReplies.chunk(request, "", finishReason));
        call.onCompleted();
      }
    } catch (BadRequestException e) {
      call.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    } catch (InterruptedException | RuntimeException e) {
      log.warn("generation failed", e);
      fail(call, "Error in stream handler: the generation failed");
    }
  }

  private static void fail(ServerCallStreamObserver<ModelStreamInferResponse> call, String why) {
    if (!call.isCancelled()) {
      call.onNext(AnyServeReplies.error(why));
      call.onCompleted();
    }
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> responses) {
    answer(responses, ServerLiveResponse.newBuilder().setLive(true).build());
  }

  @Override
  public void serverReady(
      ServerReadyRequest request, StreamObserver<ServerReadyResponse> responses) {
    answer(responses, ServerReadyResponse.newBuilder().setReady(true).build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
    answer(responses, ModelReadyResponse.newBuilder().setReady(true).build());
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
    answer(
        responses,
        ServerMetadataResponse.newBuilder().setName("anyserve").setVersion("0.1.0").build());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
    answer(responses, ModelMetadataResponse.newBuilder().setName(request.getName()).build());
  }

  private static <T> void answer(StreamObserver<T> responses, T answer) {
    responses.onNext(answer);
    responses.onCompleted();
  }
}
