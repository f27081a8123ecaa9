package io.github.openaikserve.server.limits;

import io.github.openaikserve.RequestOptions;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.server.models.ModelsView;
import io.github.openaikserve.server.route.ModelControl;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A handler that applies the limits of each client. Thread-safe. */
final class LimitsHandler implements OpenAiHandler {
  private static final Pattern CANCELLATION = Pattern.compile("^/v1/responses/[^/?]+/cancel");

  /**
   * Sent with {@code false} for a request that is larger than its limit: a retry would fail too.
   */
  private static final String NO_RETRY = "x-should-retry";

  private final Function<RequestOptions, OpenAiHandler> calls;
  private final OpenAiHandler handler;
  private final Parties parties;
  private final Limits limits;
  private final @Nullable String defaultModel;

  LimitsHandler(
      Function<RequestOptions, OpenAiHandler> calls,
      Parties parties,
      Limits limits,
      @Nullable String defaultModel) {
    this.calls = calls;
    this.handler = calls.apply(RequestOptions.builder().build());
    this.parties = parties;
    this.limits = limits;
    this.defaultModel = defaultModel;
  }

  @Override
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    try {
      Party party = parties.of(request);
      if (isMetered(request)) {
        return metered(request, party);
      }
      return party.isRestricted() ? restricted(request, party) : of(party).handle(request);
    } catch (OpenAiException e) {
      return CompletableFuture.completedFuture(handler.refuse(request, e));
    }
  }

  /** Returns whether a request counts. Not by path, because some clients leave out {@code /v1}. */
  private static boolean isMetered(ApiRequest request) {
    return request.method().equals("POST")
        && !ModelControl.isAsked(request.method(), request.path());
  }

  /** Returns the API with access to what the party has stored. */
  private OpenAiHandler of(Party party) {
    String owner = party.owner();
    return owner == null ? handler : calls.apply(RequestOptions.of(o -> o.owner(owner)));
  }

  private CompletableFuture<ApiResponse> restricted(ApiRequest request, Party party) {
    ModelsView.check(request.path(), party::allows);
    OpenAiHandler calls = of(party);
    CompletableFuture<ApiResponse> answer = calls.handle(request);
    return ModelsView.isList(request.path())
        ? answer.thenCompose(
            list -> ModelsView.filtered(request, list, party::allows, calls::handle))
        : answer;
  }

  private CompletableFuture<ApiResponse> metered(ApiRequest request, Party party) {
    long amount = 0;
    if (party.needsBody()) {
      RequestSummary summary = RequestSummary.of(request);
      if (party.isRestricted() && namesModel(request.path())) {
        checkModels(summary, party);
      }
      amount = summary.tokens();
    }
    Admission admission = party.account().admit(party.limits(), amount, limits.now());
    if (admission.refusal() != null) {
      return CompletableFuture.completedFuture(refused(request, party, admission));
    }
    Ticket ticket = limits.open(request, party.account(), amount);
    return tracked(
        ticket,
        headers(request, admission),
        () -> calls.apply(Limits.options(ticket, party)).handle(request));
  }

  /** Returns whether a request may name a model; requests that only store or cancel do not. */
  private static boolean namesModel(String path) {
    return !path.startsWith("/v1/conversations") && !CANCELLATION.matcher(path).find();
  }

  private void checkModels(RequestSummary summary, Party party) {
    if (!summary.readable()) {
      throw InvalidRequestException.badValue(
          null,
          null,
          "We could not parse the JSON body of your request. The OpenAI API expects a JSON"
              + " payload.");
    }
    for (String model : summary.models()) {
      if (!party.allows(model)) {
        throw InvalidRequestException.modelNotFound(model);
      }
    }
    String byDefault = summary.models().isEmpty() ? defaultModel : null;
    if (byDefault != null && !party.allows(byDefault)) {
      throw InvalidRequestException.badValue(
          "model", "missing_required_parameter", "Missing required parameter: 'model'.");
    }
  }

  private ApiResponse refused(ApiRequest request, Party party, Admission admission) {
    if (admission.exceeded() == null || admission.refusal() == null) {
      throw new IllegalStateException("an admitted request cannot be refused");
    }
    party.account().meters().refused(admission.exceeded());
    String number = RequestNotes.numberOf(request);
    if (limits.notes().expect(number)) {
      limits
          .notes()
          .complete(
              number,
              " client=\"%s\" limit=%s"
                  .formatted(party.account().name(), admission.exceeded().value()));
    }
    Map<String, String> headers = new HashMap<>(headers(request, admission));
    if (admission.refusal().retryAfter() == null) {
      headers.put(NO_RETRY, "false");
    }
    return withHeaders(handler.refuse(request, admission.refusal()), headers);
  }

  /**
   * Returns the rate-limit headers of a response. Anthropic's clients also receive Anthropic's
   * headers.
   */
  private static Map<String, String> headers(ApiRequest request, Admission admission) {
    boolean anthropics =
        request.path().startsWith("/v1/messages") || request.header("anthropic-version") != null;
    return anthropics ? admission.state().headers(Instant.now()) : admission.state().headers();
  }

  private static CompletableFuture<ApiResponse> tracked(
      Ticket ticket, Map<String, String> headers, Supplier<CompletableFuture<ApiResponse>> call) {
    CompletableFuture<ApiResponse> inner;
    try {
      inner = call.get();
    } catch (RuntimeException | Error e) {
      ticket.answered();
      throw e;
    }
    var answer = new CompletableFuture<ApiResponse>();
    inner.whenComplete(
        (response, failure) -> {
          if (failure != null) {
            ticket.answered();
            answer.completeExceptionally(failure);
            return;
          }
          ApiResponse tracked = withHeaders(ended(response, ticket), headers);
          if (!answer.complete(tracked)) {
            tracked.body().close();
          }
        });
    answer.whenComplete(
        (response, failure) -> {
          if (failure != null) {
            inner.cancel(false);
          }
        });
    return answer;
  }

  /** Ends the ticket with the response: a whole response at once, a stream at its end. */
  private static ApiResponse ended(ApiResponse response, Ticket ticket) {
    if (response.body().length() >= 0) {
      ticket.answered();
      return response;
    }
    return new ApiResponse(
        response.status(), response.headers(), TrackedBody.of(response.body(), ticket::answered));
  }

  private static ApiResponse withHeaders(ApiResponse response, Map<String, String> more) {
    if (more.isEmpty()) {
      return response;
    }
    Map<String, String> headers = new HashMap<>(response.headers());
    headers.putAll(more);
    return new ApiResponse(response.status(), headers, response.body());
  }

  @Override
  public Optional<ApiResponse> reject(ApiRequest head) {
    Optional<ApiResponse> rejection = handler.reject(head);
    if (rejection.isPresent() || !isMetered(head)) {
      return rejection;
    }
    try {
      Party party = parties.of(head);
      Admission admission = party.account().decide(party.limits(), 1, limits.now());
      return admission.refusal() == null
          ? Optional.empty()
          : Optional.of(refused(head, party, admission));
    } catch (OpenAiException e) {
      return Optional.of(handler.refuse(head, e));
    }
  }

  @Override
  public ApiResponse refuse(ApiRequest request, OpenAiException error) {
    return handler.refuse(request, error);
  }
}
