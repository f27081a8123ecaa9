/**
 * The models that are served, and the routes to their servers.
 *
 * <p>Four ideas: a {@link io.github.openaikserve.internal.model.Route} holds everything that a call
 * to one model needs; the {@link io.github.openaikserve.internal.model.ModelRegistry} finds a route
 * by name; {@link io.github.openaikserve.internal.model.DiscoveredModels} adds the models that a
 * server lists; and every question to a server goes through a {@link
 * io.github.openaikserve.internal.model.SingleFlight}, which callers share and whose wait is
 * limited.
 */
@NullMarked
package io.github.openaikserve.internal.model;

import org.jspecify.annotations.NullMarked;
