/**
 * Readers of requests and of stored responses. An error names the invalid field. Defaults and
 * ranges are defined by the objects.
 *
 * <p>Start with {@link io.github.openaikserve.internal.json.read.RequestJson}. Each reader reads
 * the fields of one kind of request from a {@link
 * io.github.openaikserve.internal.json.read.JsonObject}.
 */
@NullMarked
package io.github.openaikserve.internal.json.read;

import org.jspecify.annotations.NullMarked;
