/**
 * The preparation of requests: from a request object to the generations that answer it. Sends
 * nothing.
 *
 * <p>{@link io.github.openaikserve.internal.request.RequestFields} contains the values that a
 * request and the model's defaults set. {@link
 * io.github.openaikserve.internal.request.FieldHandlings} decides how a route handles each field.
 *
 * <p>{@code ChatPreparation} and {@code CompletionPreparation} return {@link
 * io.github.openaikserve.internal.request.Prepared}, which is ready to be sent. {@code
 * BatchPreparation} checks and splits the inputs of answers made of tensors. Reading JSON is the
 * task of {@code internal.json}.
 */
@NullMarked
package io.github.openaikserve.internal.request;

import org.jspecify.annotations.NullMarked;
