/**
 * The models that are served, and how each one is reached.
 *
 * <p>Four ideas: a {@link io.github.openaikserve.internal.model.Route} holds all that a call to one
 * model needs; the {@link io.github.openaikserve.internal.model.ModelRegistry} finds a route by
 * name; {@link io.github.openaikserve.internal.model.DiscoveredModels} adds what a server lists;
 * and a {@link io.github.openaikserve.internal.model.SingleFlight} keeps many callers from asking a
 * server the same question.
 */
@NullMarked
package io.github.openaikserve.internal.model;

import org.jspecify.annotations.NullMarked;
