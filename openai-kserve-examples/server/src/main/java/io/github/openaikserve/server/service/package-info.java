/**
 * The configuration in use: creates backends, models, checks, keys, limits and metrics from a
 * configuration, and replaces it by the next one while requests run.
 *
 * <p>Begin with {@link io.github.openaikserve.server.service.CurrentHandler}.
 */
@NullMarked
package io.github.openaikserve.server.service;

import org.jspecify.annotations.NullMarked;
