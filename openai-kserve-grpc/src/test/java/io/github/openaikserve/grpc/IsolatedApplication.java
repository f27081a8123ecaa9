package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.HealthCheckPolicy;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * An application with credentials. {@link IsolationTest} loads it in class loaders that each have a
 * copy of the library, and uses it by JDK types only.
 */
public final class IsolatedApplication implements Callable<String>, Closeable {
  private final BalancedBackend backend;

  public IsolatedApplication(String name, String target) {
    var token = new BearerToken("secret-of-" + name, null);
    backend =
        GrpcBackend.builder()
            .target(target)
            .metadata("x-tenant", name)
            .bearerTokens(() -> CompletableFuture.completedFuture(token))
            .allowPlaintextCredentials()
            .balanced()
            .name(name)
            .healthCheck(HealthCheckPolicy.builder().interval(Duration.ofMillis(50)).build())
            .build();
  }

  /** Makes a call and returns what its first response says. */
  @Override
  public String call() throws Exception {
    var request = InferRequest.of("m", "", List.of(Tensor.text("prompt", "hello")));
    var answer = new CompletableFuture<String>();
    backend
        .infer(InferCall.of(Rpc.MODEL_STREAM_INFER, request).withTimeout(Duration.ofSeconds(10)))
        .subscribe(
            new Flow.Subscriber<InferResponse>() {
              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
              }

              @Override
              public void onNext(InferResponse response) {
                answer.complete(response.outputs().get(0).texts().get(0));
              }

              @Override
              public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
              }

              @Override
              public void onComplete() {}
            });
    return answer.get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    backend.close();
  }
}
