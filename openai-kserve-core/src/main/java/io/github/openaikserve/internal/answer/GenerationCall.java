package io.github.openaikserve.internal.answer;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.internal.flow.Fallback;
import io.github.openaikserve.internal.flow.Publishers;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.kserve.InferResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The responses to one generation, and their reader. Chooses the procedure, and falls back from a
 * stream to a unary call where the server has no streams. Used once.
 */
final class GenerationCall implements Flow.Publisher<InferResponse> {
  private static final Logger log = LoggerFactory.getLogger(GenerationCall.class);

  private final Route route;
  private final Generation generation;
  private final InferCall call;
  private final GenerationDecoder reader;
  private final boolean nothingToGenerate;
  private final Set<String> withoutStreams;
  private final CallWatch watch;
  private final CallHandle handle = new CallHandle();

  /**
   * Encodes the generation.
   *
   * @param stream whether the responses are wanted as they are generated
   * @param withoutStreams the routes whose servers were found to have no streams, by their ids
   */
  GenerationCall(
      Route route,
      Generation wanted,
      boolean stream,
      boolean trimsAnswer,
      Set<String> withoutStreams,
      CallWatch watch) {
    Dialect dialect = route.requireDialect();
    this.route = route;
    this.withoutStreams = withoutStreams;
    this.watch = watch;
    this.generation =
        wanted.withStream(
            stream || (dialect.foldsFromStream() && !route.settings().unaryAnswers()));
    this.call = dialect.encode(generation).withTimeout(route.timeouts().total());
    Integer tokenLimit = (Integer) generation.value(RequestField.MAX_TOKENS);
    this.nothingToGenerate = tokenLimit != null && tokenLimit == 0;
    this.reader =
        new GenerationDecoder(
            dialect,
            generation,
            route.tokenCounter(),
            stops(generation.value(RequestField.STOP)),
            tokenLimit,
            trimsAnswer,
            !dialect.carries(RequestField.MAX_TOKENS));
    reader.onUndecodable(handle::reject);
    if (isOneResponse()) {
      reader.expectOneResponse();
    }
  }

  /**
   * Whether the whole text comes at once; a model that cannot be told to stream does as it likes.
   */
  private boolean isOneResponse() {
    boolean told = route.requireDialect().carries(RequestField.STREAM);
    return !call.rpc().streams() || (told && !generation.stream());
  }

  /** The call that will be made. */
  InferCall call() {
    return call;
  }

  /** What the responses must pass first. */
  GenerationDecoder reader() {
    return reader;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super InferResponse> subscriber) {
    responses().subscribe(subscriber);
  }

  private Flow.Publisher<InferResponse> responses() {
    if (nothingToGenerate) {
      return watch.watched(call, false, handle, unmade -> Publishers.of(List.of()));
    }
    Flow.Publisher<InferResponse> first =
        watch.watched(call, call.rpc().streams() && !isOneResponse(), handle, route.calls()::infer);
    return generation.stream() && call.rpc().streams()
        ? new Fallback<>(first, this::unaryInstead)
        : first;
  }

  private Flow.@Nullable Publisher<InferResponse> unaryInstead(Throwable failure) {
    if (!(failure instanceof BackendException backend)
        || backend.backendCode() != BackendCode.UNIMPLEMENTED) {
      return null;
    }
    InferCall unary = route.requireDialect().encode(generation.withStream(false));
    if (unary.rpc().streams()) {
      return null;
    }
    if (withoutStreams.add(route.id())) {
      log.warn(
          "the server of model '{}' has no streams; answers come in one piece from the unary call",
          route.id());
    }
    reader.expectOneResponse();
    return watch.watched(unary, false, handle, route.calls()::infer);
  }

  @SuppressWarnings("unchecked")
  private static List<String> stops(@Nullable Object stops) {
    return stops == null ? List.of() : (List<String>) stops;
  }
}
