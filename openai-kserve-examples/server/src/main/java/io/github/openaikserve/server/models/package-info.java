/**
 * The list of models of a client that may use some of them.
 *
 * <p>Start with {@link io.github.openaikserve.server.models.ModelsView}.
 */
@NullMarked
package io.github.openaikserve.server.models;

import org.jspecify.annotations.NullMarked;
