/** Paths that the server answers itself, before the API. */
@NullMarked
package io.github.openaikserve.server.route;

import org.jspecify.annotations.NullMarked;
