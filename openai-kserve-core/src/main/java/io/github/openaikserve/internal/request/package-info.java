/**
 * From a request object to the generations it asks for. Nothing is sent here.
 *
 * <p>Three ideas: {@link io.github.openaikserve.internal.request.RequestFields} is what a request
 * asks for; {@link io.github.openaikserve.internal.request.FieldHandlings} decides what happens to
 * each field on a route; and a preparation renders the prompt and returns {@link
 * io.github.openaikserve.internal.request.Prepared}, in which everything is settled.
 */
@NullMarked
package io.github.openaikserve.internal.request;

import org.jspecify.annotations.NullMarked;
