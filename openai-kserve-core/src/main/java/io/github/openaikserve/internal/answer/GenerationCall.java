package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.answer.call.CallRecovery;
import io.github.openaikserve.internal.answer.call.CallScope;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.ConstantInputs;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.kserve.InferResponse;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The call of one choice: the source of its responses. Encoded on subscription, as a streaming or a
 * unary call, depending on the answer and the server. Used once.
 *
 * <p>A call that fails before its first response is replaced in two cases: by a unary call if the
 * server does not stream, and by a call with a newer route if the model has changed.
 */
final class GenerationCall implements Flow.Publisher<InferResponse> {
  /** The fields that the decoder emulates if there is no tensor for them. */
  private static final Set<RequestField> EMULATED =
      EnumSet.of(RequestField.MAX_TOKENS, RequestField.STOP, RequestField.STREAM);

  private final Generation generation;
  private final GenerationDecoder decoder;
  private final StreamSupport streams;
  private final CallScope scope;
  private Route route;
  private @Nullable InferCall encoded;

  /** Whether a unary call may replace this one. */
  private boolean replaceable;

  /** Whether a recovery with a newer route was tried. */
  private boolean recovered;

  /**
   * Creates a call that is not yet encoded.
   *
   * @param generation the generation; it also specifies whether responses are wanted as they are
   *     generated
   */
  GenerationCall(
      Route route,
      Generation generation,
      GenerationDecoder decoder,
      StreamSupport streams,
      CallScope scope) {
    this.route = route;
    this.generation = generation;
    this.decoder = decoder;
    this.streams = streams;
    this.scope = scope;
  }

  /** Returns the generation with the streaming mode that the dialect requires. */
  static Generation withStream(Route route, Generation generation, boolean streamed) {
    return generation.withStream(
        streamed
            || enforcesReasoningBudget(route.requireDialect(), generation)
            || (route.requireDialect().aggregateFromStream(generation)
                && !route.settings().unaryAnswers()));
  }

  /** Returns whether a generation has a reasoning budget that the server does not enforce. */
  static boolean enforcesReasoningBudget(Dialect dialect, Generation generation) {
    return generation.value(RequestField.THINKING_TOKEN_BUDGET) != null
        && !dialect.carries(RequestField.THINKING_TOKEN_BUDGET);
  }

  /**
   * Encodes the call early, so that a request that cannot be encoded fails before anything is sent.
   *
   * @throws io.github.openaikserve.error.InvalidRequestException if a value does not fit its tensor
   */
  void encode() {
    encoded = call(route, generation);
  }

  /** Returns a call that continues this one with the same route. */
  GenerationCall continuedBy(Generation rest) {
    return new GenerationCall(route, rest, decoder, streams, scope);
  }

  /** Returns the encoded call of a generation. */
  static InferCall call(Route route, Generation generation) {
    return encode(route, generation).withTimeout(route.timeouts().total());
  }

  private static InferCall encode(Route route, Generation generation) {
    InferCall call = route.requireDialect().encode(generation);
    ConstantInputs constants = route.settings().constants();
    return constants.isEmpty() ? call : ConstantInputsEncoder.encode(call, constants);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    InferCall first = encoded == null ? call(route, generation) : encoded;
    encoded = null; // release it: it may be large
    responses(first).subscribe(subscriber);
  }

  private Flow.Publisher<InferResponse> responses(InferCall first) {
    if (decoder.tokens().areNone()) {
      return scope.call(first, false, unsent -> Publishers.fromIterable(List.of()));
    }
    boolean streaming = generation.stream() && first.rpc().streams();
    if (streaming && streams.isMissing(route.id())) {
      InferCall unary = unaryCall();
      if (unary != null) {
        return unary(unary);
      }
    }
    replaceable = streaming;
    boolean oneResponse = isOneResponse(first);
    if (oneResponse) {
      if (decoder.needsStream()) {
        return Publishers.error(ReasoningBudget.refusal(route));
      }
      decoder.expectOneResponse();
    }
    return scope.call(first, first.rpc().streams() && !oneResponse, route.calls()::infer);
  }

  /**
   * Returns the replacement for the call, which has failed before its first response; null to
   * report the failure.
   */
  Flow.@Nullable Publisher<InferResponse> recover(Throwable failure) {
    Flow.Publisher<InferResponse> unary = replaceable ? unaryFallback(failure) : null;
    replaceable = false;
    if (unary != null || recovered) {
      return unary;
    }
    recovered = true;
    return CallRecovery.of(failure, route, this::repeatWith);
  }

  /**
   * Repeats the call with a newer route. Returns null if that route cannot serve the call or would
   * send the same.
   */
  private Flow.@Nullable Publisher<InferResponse> repeatWith(Route newer) {
    if (newer.dialect() == null) {
      return null;
    }
    InferCall repeated = call(newer, generation);
    if (!CallRecovery.differs(repeated, call(route, generation))
        || !CallRecovery.carrySame(fields(generation), route.requireDialect(), newer.dialect())) {
      return null;
    }
    decoder.adopt(newer.dialect());
    route = newer;
    boolean oneResponse = isOneResponse(repeated);
    if (oneResponse) {
      decoder.expectOneResponse();
    }
    return scope.call(repeated, repeated.rpc().streams() && !oneResponse, route.calls()::infer);
  }

  /** Returns the fields of a generation that the decoder cannot emulate. */
  private static Set<RequestField> fields(Generation generation) {
    Set<RequestField> fields = new HashSet<>(generation.fields().keySet());
    fields.removeAll(EMULATED);
    return fields;
  }

  /**
   * Returns whether the call is certain to have one response. A streaming call is not if the model
   * has no input that selects streaming.
   */
  private boolean isOneResponse(InferCall call) {
    Dialect dialect = route.requireDialect();
    boolean requested = dialect.carries(RequestField.STREAM);
    return !call.rpc().streams() || (requested && !generation.stream());
  }

  private Flow.@Nullable Publisher<InferResponse> unaryFallback(Throwable failure) {
    if (!(failure instanceof BackendException backend)
        || backend.backendCode() != BackendCode.UNIMPLEMENTED) {
      return null;
    }
    InferCall unary = unaryCall();
    if (unary == null) {
      return null;
    }
    streams.recordMissing(route.id());
    return unary(unary);
  }

  private @Nullable InferCall unaryCall() {
    InferCall unary = encode(route, generation.withStream(false));
    return unary.rpc().streams() ? null : unary;
  }

  private Flow.Publisher<InferResponse> unary(InferCall call) {
    if (decoder.needsStream()) {
      return Publishers.error(ReasoningBudget.refusal(route));
    }
    decoder.expectOneResponse();
    return scope.call(call, false, route.calls()::infer);
  }
}
