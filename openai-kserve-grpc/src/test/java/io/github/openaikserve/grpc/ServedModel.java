package io.github.openaikserve.grpc;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.grpc.servers.ModelServer;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model on a scripted server, how it is spoken to, and what may be expected of it. The model
 * generates what {@link io.github.openaikserve.grpc.servers.Script} says.
 *
 * @param title for reports
 * @param start starts the server
 * @param name what the server calls the model
 * @param dialect how it is spoken to
 * @param traits what it can
 * @param failure how an error of the model itself is told; UNKNOWN where codes are lost
 * @param laterFailure the same after the first token
 * @param drops the fields of {@link DialectConversations#HINTS} that have no effect
 * @param refuses the fields of {@link DialectConversations#MEANINGS} that are refused
 */
record ServedModel(
    String title,
    Start start,
    String name,
    Speaking dialect,
    Set<Trait> traits,
    BackendCode failure,
    BackendCode laterFailure,
    Set<String> drops,
    Set<String> refuses) {

  /** The features of a model. */
  enum Trait {
    /** Streams; another model streams its whole answer as one response. */
    STREAMS,
    /** Answers ModelInfer; another model answers streams only. */
    UNARY,
    /** Reports token counts; those of another model are estimated. */
    COUNTS,
    /** Accepts a token limit. */
    LIMITS,
    /** Reports finish reasons. */
    REASONS
  }

  /** Starts a server. */
  interface Start {
    ModelServer server() throws IOException;
  }

  /** Chooses the dialect, possibly by detection. */
  interface Speaking {
    Dialect over(InferenceBackend backend) throws Exception;
  }

  /** Returns a model with a fixed dialect. */
  static ServedModel fixed(String title, Start start, String name, Dialect dialect, Trait... all) {
    return new ServedModel(
        title,
        start,
        name,
        backend -> dialect,
        set(all),
        BackendCode.UNKNOWN,
        BackendCode.UNKNOWN,
        Set.of(),
        Set.of());
  }

  /** Returns a model with the detected dialect. */
  static ServedModel detected(String title, Start start, String name, Trait... all) {
    return new ServedModel(
        title + ", detected",
        start,
        name,
        backend -> Dialects.detect(backend, name).get().requireDialect(),
        set(all),
        BackendCode.UNKNOWN,
        BackendCode.UNKNOWN,
        Set.of(),
        Set.of());
  }

  ServedModel failing(BackendCode code) {
    return failing(code, code);
  }

  ServedModel failing(BackendCode first, BackendCode later) {
    return new ServedModel(title, start, name, dialect, traits, first, later, drops, refuses);
  }

  ServedModel dropping(String... fields) {
    return new ServedModel(
        title,
        start,
        name,
        dialect,
        traits,
        failure,
        laterFailure,
        new TreeSet<>(Set.of(fields)),
        refuses);
  }

  ServedModel refusing(String... fields) {
    return new ServedModel(
        title,
        start,
        name,
        dialect,
        traits,
        failure,
        laterFailure,
        drops,
        new TreeSet<>(Set.of(fields)));
  }

  ServedModel refusing(Set<String> fields) {
    return refusing(fields.toArray(String[]::new));
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  private static Set<Trait> set(Trait... traits) {
    Set<Trait> set = EnumSet.noneOf(Trait.class);
    set.addAll(Set.of(traits));
    return set;
  }

  @Override
  public String toString() {
    return title;
  }
}
