/**
 * Readers and writers of JSON. The only package that uses the JSON library and defines JSON names.
 *
 * <p>The errors of readers name the invalid field. Defaults and ranges are defined by the objects.
 * Start with {@link io.github.openaikserve.internal.json.RequestJson} and {@link
 * io.github.openaikserve.internal.json.JsonCodec}.
 */
@NullMarked
package io.github.openaikserve.internal.json;

import org.jspecify.annotations.NullMarked;
