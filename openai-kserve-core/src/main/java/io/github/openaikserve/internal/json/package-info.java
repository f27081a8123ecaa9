/**
 * OpenAI's objects as JSON text: the only room that knows the JSON library and JSON's names.
 *
 * <p>Here live readers, which name the field that is wrong, and writers. No default and no range
 * ever does: those are the records'. Begin with {@link
 * io.github.openaikserve.internal.json.JsonCodec}.
 */
@NullMarked
package io.github.openaikserve.internal.json;

import org.jspecify.annotations.NullMarked;
