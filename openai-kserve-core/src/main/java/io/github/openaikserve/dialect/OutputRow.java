package io.github.openaikserve.dialect;

import org.jspecify.annotations.Nullable;

/**
 * An output tensor of a dialect's table. Immutable.
 *
 * @param jsonKey the key of the JSON object in the tensor; null where the tensor is the value
 */
record OutputRow(ResponseField field, @Nullable String jsonKey) {}
