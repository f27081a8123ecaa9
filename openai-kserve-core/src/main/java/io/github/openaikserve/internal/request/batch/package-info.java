/**
 * The preparation of requests that are answered by tensors: fields, and inputs in batches.
 *
 * <p>A {@link io.github.openaikserve.internal.request.batch.BatchRequest} is a request without its
 * route. {@link io.github.openaikserve.internal.request.batch.BatchPreparation} checks it and
 * splits its inputs.
 */
@NullMarked
package io.github.openaikserve.internal.request.batch;

import org.jspecify.annotations.NullMarked;
