/**
 * Responses: whole answers, streams of server-sent events, errors in the format of the client's
 * API, and the log of failures.
 */
@NullMarked
package io.github.openaikserve.internal.http.response;

import org.jspecify.annotations.NullMarked;
