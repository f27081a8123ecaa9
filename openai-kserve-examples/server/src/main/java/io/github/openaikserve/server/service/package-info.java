/**
 * The configuration in use: from a configuration to backends, models, checks, keys, limits and
 * metrics, and its replacement by the next one while requests run.
 *
 * <p>Begin with {@link io.github.openaikserve.server.service.CurrentHandler}.
 */
@NullMarked
package io.github.openaikserve.server.service;

import org.jspecify.annotations.NullMarked;
