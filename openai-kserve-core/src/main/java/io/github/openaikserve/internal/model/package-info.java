/**
 * The served models and the routes to their servers.
 *
 * <p>A {@link io.github.openaikserve.internal.model.Route} contains everything that a call to one
 * model needs. The {@link io.github.openaikserve.internal.model.ModelRegistry} finds a route by
 * name. {@link io.github.openaikserve.internal.model.DiscoveredModels} adds the models that a
 * server lists. Every query to a server goes through a {@link
 * io.github.openaikserve.internal.model.SingleFlight}, which callers share and which has a timeout.
 */
@NullMarked
package io.github.openaikserve.internal.model;

import org.jspecify.annotations.NullMarked;
