/**
 * OpenAI's objects as JSON text: the only package that knows the JSON library and the names in
 * JSON.
 *
 * <p>Contains readers, whose errors name the wrong field, and writers. Defaults and ranges belong
 * to the objects. Begin with {@link io.github.openaikserve.internal.json.RequestJson} and {@link
 * io.github.openaikserve.internal.json.JsonCodec}.
 */
@NullMarked
package io.github.openaikserve.internal.json;

import org.jspecify.annotations.NullMarked;
