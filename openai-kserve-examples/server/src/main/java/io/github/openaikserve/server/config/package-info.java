/**
 * The configuration of the server, as records whose components are declared options. {@link
 * io.github.openaikserve.server.options} describes how to add an option.
 */
@NullMarked
package io.github.openaikserve.server.config;

import org.jspecify.annotations.NullMarked;
