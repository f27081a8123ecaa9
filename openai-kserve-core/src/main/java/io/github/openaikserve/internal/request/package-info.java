/**
 * The preparation of requests: from a request object to the generations that answer it. Sends
 * nothing.
 *
 * <p>{@code ChatPreparation} and {@code CompletionPreparation} return {@link
 * io.github.openaikserve.internal.request.Prepared}, which is ready to be sent, with an {@link
 * io.github.openaikserve.internal.request.OutputPlan} for reading the text. {@link
 * io.github.openaikserve.internal.request.CallDescriptor} describes the calls. Reading JSON is the
 * task of {@code internal.json}.
 */
@NullMarked
package io.github.openaikserve.internal.request;

import org.jspecify.annotations.NullMarked;
