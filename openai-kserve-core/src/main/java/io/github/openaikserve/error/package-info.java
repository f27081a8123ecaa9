/**
 * The exceptions of the library, and the tables that map failures of model servers to them.
 *
 * <p>The class shows who caused the failure: the request, the model server or this service. Start
 * with {@link io.github.openaikserve.error.OpenAiException}.
 */
@NullMarked
package io.github.openaikserve.error;

import org.jspecify.annotations.NullMarked;
