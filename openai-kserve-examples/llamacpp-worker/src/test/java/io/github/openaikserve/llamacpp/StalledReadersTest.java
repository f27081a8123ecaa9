package io.github.openaikserve.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.llamacpp.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.llamacpp.proto.ModelInferRequest;
import io.github.openaikserve.llamacpp.proto.ModelStreamInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients of real llama.cpp that stop reading. */
@Tag("slow") // the worker waits ten seconds for each of them
final class StalledReadersTest {
  /** The only answer that the grammar allows, of more tokens than the worker sends ahead. */
  private static final String LONG = "0123456789".repeat(1000);

  private static final int WINDOW = 64 << 10;

  @SuppressWarnings("NullAway.Init")
  private LlamaCppWorker worker;

  @SuppressWarnings("NullAway.Init")
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    worker = LlamaCppWorker.builder().slots(1).contextSize(20_000).start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", worker.port())
            .usePlaintext()
            .flowControlWindow(WINDOW)
            .build();
  }

  @AfterEach
  void end() {
    channel.shutdownNow();
    worker.close();
  }

  @Test
  void aClientThatStopsReadingDoesNotKeepItsSlotAndLearnsThatItsAnswerIsCut() throws Exception {
    var stalled = new Reader(request(LONG));
    assertThat(stalled.first.await(60, TimeUnit.SECONDS)).isTrue();

    var other = new Reader(request("x"));
    other.readAll();

    assertThat(other.ended.get(60, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
    assertThat(other.text()).isEqualTo("\"x\"");
    assertThat(stalled.ended).isNotDone();
    stalled.readAll();
    assertThat(stalled.ended.get(60, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
    assertThat(stalled.text().length()).isLessThan(LONG.length());
    assertThat(stalled.received.get(stalled.received.size() - 1).getErrorMessage())
        .contains("the client read nothing for 10 seconds");
  }

  /** A client that reads one message, and more only when a test says so. */
  private final class Reader extends ClientCall.Listener<ModelStreamInferResponse> {
    final CountDownLatch first = new CountDownLatch(1);
    final CompletableFuture<Status.Code> ended = new CompletableFuture<>();
    final List<ModelStreamInferResponse> received = new ArrayList<>();
    private final ClientCall<ModelInferRequest, ModelStreamInferResponse> call;

    Reader(ModelInferRequest request) {
      call =
          channel.newCall(
              GRPCInferenceServiceGrpc.getModelStreamInferMethod(), CallOptions.DEFAULT);
      call.start(this, new Metadata());
      call.sendMessage(request);
      call.halfClose();
      call.request(1);
    }

    void readAll() {
      call.request(Integer.MAX_VALUE);
    }

    String text() {
      var text = new StringBuilder();
      for (ModelStreamInferResponse response : received) {
        response.getInferResponse().getOutputsList().stream()
            .filter(tensor -> tensor.getName().equals("token"))
            .forEach(
                tensor -> text.append(tensor.getContents().getBytesContents(0).toStringUtf8()));
      }
      return text.toString();
    }

    @Override
    public void onMessage(ModelStreamInferResponse message) {
      received.add(message);
      first.countDown();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended.complete(status.getCode());
    }
  }

  private static ModelInferRequest request(String answer) {
    String format =
        "{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"const\":\"" + answer + "\"}}}";
    return ModelInferRequest.newBuilder()
        .setModelName("generate_stream")
        .addInputs(InputTensors.text("prompt", "Say it."))
        .addInputs(InputTensors.text("response_format", format))
        .addInputs(InputTensors.integer("max_tokens", -1))
        .build();
  }
}
