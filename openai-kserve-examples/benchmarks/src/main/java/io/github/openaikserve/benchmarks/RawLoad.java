package io.github.openaikserve.benchmarks;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferRequest.InferInputTensor;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lower bound: a generated stub that only reads, in its fastest mode, and requests responses by
 * the batch. Reads a whole answer from a unary call or, as the library does, accumulates a stream.
 */
final class RawLoad extends Load {
  private static final int BATCH = 64;

  private final ManagedChannel channel;
  private final boolean unary;
  private final Set<Reading> open = ConcurrentHashMap.newKeySet();

  RawLoad(String target, boolean direct, boolean unary) {
    this.unary = unary;
    ManagedChannelBuilder<?> builder = ManagedChannelBuilder.forTarget(target).usePlaintext();
    channel = (direct ? builder.directExecutor() : builder).build();
  }

  @Override
  void open(Work work) {
    GRPCInferenceServiceStub stub = GRPCInferenceServiceGrpc.newStub(channel);
    if (work.whole() && unary) {
      stub.modelInfer(request("generate", work.prompt(), work.tokens()), new Whole(work));
      return;
    }
    var reading = new Reading(work);
    open.add(reading);
    stub.modelStreamInfer(request("generate_stream", work.prompt(), work.tokens()), reading);
  }

  static ModelInferRequest request(String model, String prompt, int maxTokens) {
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(
            input("prompt", "BYTES")
                .setContents(
                    InferTensorContents.newBuilder()
                        .addBytesContents(ByteString.copyFromUtf8(prompt))))
        .addInputs(
            input("max_tokens", "INT32")
                .setContents(InferTensorContents.newBuilder().addIntContents(maxTokens)))
        .build();
  }

  private static InferInputTensor.Builder input(String name, String datatype) {
    return InferInputTensor.newBuilder().setName(name).setDatatype(datatype).addShape(1);
  }

  @Override
  void cancelAll() {
    open.forEach(Reading::cancel);
  }

  @Override
  public void close() {
    super.close();
    channel.shutdownNow();
  }

  /** Reads one whole answer. */
  private final class Whole implements StreamObserver<ModelInferResponse> {
    private final Work work;

    Whole(Work work) {
      this.work = work;
    }

    @Override
    public void onNext(ModelInferResponse response) {
      if (!response.getOutputs(0).getContents().getBytesContents(0).isEmpty()) {
        tokens.add(work.tokens());
      }
    }

    @Override
    public void onError(Throwable failure) {
      ended(work, false);
    }

    @Override
    public void onCompleted() {
      ended(work, true);
    }
  }

  /** Reads one stream. */
  private final class Reading
      implements ClientResponseObserver<ModelInferRequest, ModelStreamInferResponse> {
    private final Work work;
    private final long begun = System.nanoTime();
    private volatile @Nullable ClientCallStreamObserver<ModelInferRequest> call;
    private final StringBuilder text = new StringBuilder();
    private int read;
    private int owed;

    Reading(Work work) {
      this.work = work;
    }

    void cancel() {
      ClientCallStreamObserver<ModelInferRequest> started = call;
      if (started != null) { // otherwise, the call is about to begin
        started.cancel("over", null);
      }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ModelInferRequest> call) {
      this.call = call;
      call.disableAutoRequestWithInitial(BATCH);
    }

    @Override
    public void onNext(ModelStreamInferResponse response) {
      if (read++ == 0) {
        firstTokens.add(System.nanoTime() - begun);
      }
      ByteString token =
          response.getInferResponse().getOutputs(0).getContents().getBytesContents(0);
      if (token.isEmpty()) {
        return;
      }
      if (work.whole()) {
        text.append(token.toStringUtf8());
      }
      tokens.increment();
      if (++owed == BATCH / 2) {
        owed = 0;
        Objects.requireNonNull(call).request(BATCH / 2);
      }
    }

    @Override
    public void onError(Throwable failure) {
      open.remove(this);
      ended(work, false);
    }

    @Override
    public void onCompleted() {
      open.remove(this);
      ended(work, true);
    }
  }
}
