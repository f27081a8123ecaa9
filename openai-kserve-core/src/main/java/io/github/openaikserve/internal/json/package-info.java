/**
 * JSON as plain values, and its syntax. With its subpackages, the only package that uses the JSON
 * library.
 *
 * <p>{@link io.github.openaikserve.internal.json.JsonCodec} converts between JSON and plain values.
 * {@link io.github.openaikserve.internal.json.JsonWriter} writes objects field by field. {@link
 * io.github.openaikserve.internal.json.AnswerCheck} checks the answer of a model against a schema.
 */
@NullMarked
package io.github.openaikserve.internal.json;

import org.jspecify.annotations.NullMarked;
