package io.github.openaikserve.internal.engine;

import io.github.openaikserve.observation.CallKind;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, apart from the request's own fields. Immutable.
 *
 * @param model the name the caller used; null when it used none
 * @param streamed whether the answer is wanted in chunks as they come
 * @param word the random part of the answer's id
 */
record Asked(CallKind kind, @Nullable String model, boolean streamed, String word) {}
