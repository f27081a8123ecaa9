/**
 * The configuration of the server, as records whose components are declared options. How an option
 * is added: {@link io.github.openaikserve.server.options}.
 */
@NullMarked
package io.github.openaikserve.server.config;

import org.jspecify.annotations.NullMarked;
