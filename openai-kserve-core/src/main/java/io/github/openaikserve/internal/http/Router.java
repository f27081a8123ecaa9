package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.internal.answer.call.RunningCalls;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import io.github.openaikserve.internal.http.response.ClientApi;
import io.github.openaikserve.internal.http.response.ErrorResponses;
import io.github.openaikserve.internal.http.response.FailureLog;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.HeaderRules;
import io.github.openaikserve.resilience.RequestLimits;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The router of HTTP requests. It finds the endpoint of a path and converts every failure to a
 * response. Thread-safe.
 */
public final class Router implements OpenAiHandler {
  private static final Logger log = LoggerFactory.getLogger(Router.class);

  /** The id in logs of a request whose id could not be created. Clients cannot send it. */
  private static final String NO_ID = "";

  private final RequestLimits limits;
  private final Routes routes;
  private final Supplier<String> ids;
  private final @Nullable Executor executor;
  private final AtomicBoolean warned = new AtomicBoolean();
  private final FailureLog failures;
  private final ModelRegistry models;
  private final RequestHeaderReader headerReader;
  private final RunningCalls running;
  private final CallContext options;

  /**
   * Creates the HTTP API of services.
   *
   * @param ids supplies a random id for each request without one
   * @param settings the settings for reading requests and sending responses
   */
  public Router(Services services, Supplier<String> ids, HttpSettings settings) {
    limits = settings.limits();
    routes = new Routes(Endpoints.of(services, settings));
    this.ids = ids;
    executor = settings.executor();
    models = services.registry();
    failures = new FailureLog(settings.scheduler());
    headerReader = new RequestHeaderReader(settings);
    running = services.engine().running();
    options = CallContext.NONE;
  }

  private Router(Router router, CallContext options) {
    limits = router.limits;
    routes = router.routes;
    ids = router.ids;
    executor = router.executor;
    failures = router.failures;
    models = router.models;
    headerReader = router.headerReader;
    running = router.running;
    this.options = options;
  }

  /**
   * Returns a view of this API with options for each request. The options take precedence over the
   * request's headers.
   */
  public Router with(CallContext options) {
    return new Router(this, options);
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    Objects.requireNonNull(request, "request");
    String requestId = NO_ID;
    CompletableFuture<ApiResponse> answer;
    RequestLog log = null;
    try {
      requestId = requestId(request);
      log = new RequestLog(failures, models, requestId);
      headerReader.check(request);
      checkBody(request);
      answer = route(request, headerReader.context(request, requestId, options), log);
    } catch (Throwable e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return settle(
        answer,
        ClientApi.of(request),
        log == null ? new RequestLog(failures, models, requestId) : log);
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    String requestId = NO_ID;
    try {
      requestId = requestId(request);
    } catch (Throwable e) { // thrown by an application's supplier; the rejection is still valid
      failures.failed(e, requestId, null);
    }
    if (!Routes.isHealth(request)) { // repeated every few seconds during a shutdown
      failures.failed(error, requestId, null);
    }
    ClientApi api = ClientApi.of(request);
    return withRequestId(ErrorResponses.of(error, api, requestId), api, requestId);
  }

  /**
   * Returns the id of a request for logs: the host's, the client's if it is valid, or a random one.
   */
  private String requestId(ApiRequest request) {
    if (options.requestId() != null) {
      return options.requestId();
    }
    String id = request.header("x-request-id");
    return id != null && HeaderRules.isValidId(id) ? id : "req_" + ids.get();
  }

  @Override
  public Optional<ApiResponse> reject(ApiRequest head) {
    try {
      headerReader.check(head);
      Routes.Target target = routes.target(head);
      target.checkRunning(running);
      return target.allows(head)
          ? Optional.empty()
          : Optional.of(methodNotAllowed(target, head, requestId(head)));
    } catch (OpenAiException e) {
      return Optional.of(refuse(head, e));
    } catch (Throwable e) { // thrown by an application's supplier of ids
      return Optional.empty();
    }
  }

  private void checkBody(ApiRequest request) {
    if (request.body().length > limits.body()) {
      throw new InvalidRequestException(
          413,
          "request_too_large",
          null,
          "The request body is larger than %d bytes.".formatted(limits.body()));
    }
  }

  /** Returns the answer, with a failure converted to a response. */
  private CompletableFuture<ApiResponse> settle(
      CompletableFuture<ApiResponse> answer, ClientApi api, RequestLog requestLog) {
    String requestId = requestLog.requestId();
    var settled = new CancellationPropagatingFuture<ApiResponse>();
    settled.onAbandon(() -> answer.cancel(false));
    answer.whenComplete(
        (response, failure) -> {
          if (failure != null && !settled.isDone()) {
            requestLog.failed(failure);
          }
          ApiResponse answered =
              failure == null ? response : ErrorResponses.of(failure, api, requestId);
          execute(
              () -> {
                if (!settled.succeed(withRequestId(answered, api, requestId))) {
                  answered.body().close();
                }
              });
        });
    return settled;
  }

  private void execute(Runnable task) {
    if (executor == null) {
      task.run();
      return;
    }
    try {
      executor.execute(task);
    } catch (Throwable e) { // thrown by an executor that rejects the task
      if (warned.compareAndSet(false, true)) {
        log.warn("executor of responses failed, further failures are not logged", e);
      }
      task.run();
    }
  }

  private static ApiResponse withRequestId(ApiResponse response, ClientApi api, String requestId) {
    if (requestId.equals(NO_ID)) {
      return response;
    }
    ApiResponse named = Responses.withHeader(response, "x-request-id", requestId);
    return api == ClientApi.ANTHROPIC
        ? Responses.withHeader(named, "request-id", requestId)
        : named;
  }

  private static ApiResponse methodNotAllowed(
      Routes.Target target, ApiRequest request, String requestId) {
    ClientApi api = ClientApi.of(request);
    ApiResponse refusal = ErrorResponses.of(target.methodNotAllowed(request), api, requestId);
    return withRequestId(
        Responses.withHeader(refusal, "allow", target.allowHeader()), api, requestId);
  }

  private CompletableFuture<ApiResponse> route(
      ApiRequest request, CallContext context, RequestLog log) {
    Routes.Target target = routes.target(request);
    if (!target.allows(request)) {
      return CompletableFuture.completedFuture(methodNotAllowed(target, request, log.requestId()));
    }
    target.checkRunning(running);
    return target.answer(request, context, log);
  }
}
