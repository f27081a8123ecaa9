/**
 * The preparation of requests: from a request object to the generations that answer it. Sends
 * nothing.
 *
 * <p>{@link io.github.openaikserve.internal.request.RequestFields} contains the values that a
 * request and the model's defaults set. {@link
 * io.github.openaikserve.internal.request.FieldHandlings} decides how a route handles each field. A
 * preparation renders the prompt and returns {@link
 * io.github.openaikserve.internal.request.Prepared}, which is ready to be sent.
 */
@NullMarked
package io.github.openaikserve.internal.request;

import org.jspecify.annotations.NullMarked;
