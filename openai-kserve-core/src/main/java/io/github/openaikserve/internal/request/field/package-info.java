/**
 * The fields of requests: which a request sets, whether their values are valid, and how a route
 * handles them.
 *
 * <p>{@link io.github.openaikserve.internal.request.field.RequestFields} contains the values that a
 * request and the model's defaults set. {@link
 * io.github.openaikserve.internal.request.field.FieldHandlings} decides how a route handles each
 * field. {@link io.github.openaikserve.internal.request.field.RequestCheck} checks limits and
 * conflicts.
 */
@NullMarked
package io.github.openaikserve.internal.request.field;

import org.jspecify.annotations.NullMarked;
