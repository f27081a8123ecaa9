package io.github.openaikserve.dialect;

import org.jspecify.annotations.Nullable;

/**
 * An output tensor of a dialect's table. Immutable.
 *
 * @param jsonKey the key of the JSON object in the tensor; empty for the whole JSON value; null if
 *     the tensor is not JSON
 */
record OutputRow(String tensor, ResponseField field, @Nullable String jsonKey) implements Row {}
