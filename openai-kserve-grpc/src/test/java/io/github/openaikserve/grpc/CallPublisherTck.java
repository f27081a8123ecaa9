package io.github.openaikserve.grpc;

import io.github.openaikserve.kserve.InferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** A stream of responses over a real gRPC channel; the model's name is the number of responses. */
public final class CallPublisherTck extends FlowPublisherVerification<InferResponse> {
  private @Nullable Server server;
  private @Nullable ManagedChannel channel;
  private volatile long wanted;

  public CallPublisherTck() {
    super(new TestEnvironment(500, 50));
  }

  @BeforeClass
  public void start() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .addService(
                ScriptedService.streaming(
                    (request, responses) -> {
                      for (long i = 0; i < wanted; i++) {
                        responses.onNext(Servers.chunk("t" + i));
                      }
                      if (wanted < 0) {
                        responses.onError(Status.INTERNAL.asRuntimeException());
                      } else {
                        responses.onCompleted();
                      }
                    }))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  @AfterClass
  public void end() {
    if (channel != null) {
      channel.shutdownNow();
    }
    if (server != null) {
      server.shutdownNow();
    }
  }

  @Override
  public Flow.Publisher<InferResponse> createFlowPublisher(long elements) {
    wanted = elements;
    if (channel == null) {
      throw new IllegalStateException("not started");
    }
    return GrpcBackend.over(channel).infer(Servers.streamCall());
  }

  @Override
  public Flow.Publisher<InferResponse> createFailedFlowPublisher() {
    return createFlowPublisher(-1);
  }

  @Override
  public long maxElementsFromPublisher() {
    return 10_000;
  }
}
