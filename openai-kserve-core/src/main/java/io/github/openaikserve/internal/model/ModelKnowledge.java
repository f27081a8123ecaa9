package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.DetectedModel;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The route of a model, adapted to the server's description of the model. Thread-safe: one thread
 * at a time applies a description, and reading the route is one volatile read.
 */
final class ModelKnowledge {
  private static final Logger log = LoggerFactory.getLogger(ModelKnowledge.class);

  private final Route configured;
  private final boolean detects;
  private volatile @Nullable Route route;
  private volatile @Nullable ModelDescription description;

  /**
   * Creates the knowledge of a model without a description.
   *
   * @param detects whether the route lacks its dialect
   */
  ModelKnowledge(Route configured, boolean detects) {
    this.configured = configured;
    this.detects = detects;
    this.route = detects ? null : configured;
  }

  /** Returns the route; null while the dialect is unknown. */
  @Nullable Route route() {
    return route;
  }

  /** Returns whether the route depends on the server's description. */
  boolean isDescribed() {
    return description != null;
  }

  /**
   * Returns whether a description of the same server lacks the configuration that an earlier one
   * had. Then the server failed to report it, and the model has not changed.
   */
  boolean isPoorer(ModelDescription described) {
    ModelDescription known = description;
    return known != null
        && known.config().isPresent()
        && described.config().isEmpty()
        && known.server().equals(described.server());
  }

  /** The effect of a description on the route. */
  enum Outcome {
    /** The route matches the description. */
    KNOWN,
    /** The description is empty. The known route is kept. */
    SILENT,
    /** The model is described, but no dialect matches it. */
    UNKNOWN
  }

  /**
   * Applies a server's description of the model.
   *
   * @return the outcome and its explanation
   */
  synchronized Learned learn(ModelDescription described) {
    if (described.equals(description) && route != null) {
      return new Learned(Outcome.KNOWN, "");
    }
    return detects ? detect(described) : fit(described);
  }

  /**
   * The outcome of a description. Immutable.
   *
   * @param explanation empty if the description has not changed
   */
  record Learned(Outcome outcome, String explanation) {}

  private Learned detect(ModelDescription described) {
    DetectedModel detected = Dialects.detect(described);
    if (detected.isServable()) {
      Map<RequestKind, Dialect> others = new EnumMap<>(RequestKind.class);
      others.putAll(detected.others());
      others.putAll(configured.others());
      adopt(described, detected.dialect().orElse(null), others);
      return new Learned(Outcome.KNOWN, detected.explanation());
    }
    boolean definite = !described.inputs().isEmpty();
    if (definite) {
      description = described;
      route = null;
    }
    return new Learned(definite ? Outcome.UNKNOWN : Outcome.SILENT, detected.explanation());
  }

  /** Adapts the configured dialect to the description, unless they do not match. */
  private Learned fit(ModelDescription described) {
    Dialect dialect = configured.dialect();
    if (dialect == null || described.inputs().isEmpty()) {
      return new Learned(Outcome.SILENT, "");
    }
    Dialect adapted = dialect.adaptTo(described);
    if (adapted == dialect) {
      return new Learned(Outcome.SILENT, "");
    }
    if (!adapted.mismatches(described).isEmpty()) {
      return new Learned(Outcome.UNKNOWN, String.join("; ", adapted.mismatches(described)));
    }
    Map<RequestKind, Dialect> others = new EnumMap<>(RequestKind.class);
    configured
        .others()
        .forEach(
            (kind, other) -> {
              boolean own = dialect.serving(kind).orElse(null) == other;
              Optional<Dialect> known = own ? adapted.serving(kind) : Optional.of(other);
              known.ifPresent(found -> others.put(kind, found));
            });
    adopt(described, adapted, others);
    return new Learned(
        Outcome.KNOWN, "dialect '%s' was adapted to the model's inputs".formatted(dialect.name()));
  }

  private void adopt(
      ModelDescription described, @Nullable Dialect dialect, Map<RequestKind, Dialect> others) {
    route = configured.withDialects(dialect, others);
    description = described;
    log.debug("model described model={} description={}", configured.id(), described);
  }
}
