/** Paths that the server itself answers, before requests reach the API. */
@NullMarked
package io.github.openaikserve.server.route;

import org.jspecify.annotations.NullMarked;
