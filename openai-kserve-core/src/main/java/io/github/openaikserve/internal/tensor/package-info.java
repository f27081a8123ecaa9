/**
 * Values and tensors: {@link io.github.openaikserve.internal.tensor.TensorEncoder} creates input
 * tensors, {@link io.github.openaikserve.internal.tensor.TensorReader} reads output tensors.
 *
 * <p>The other classes convert values of OpenAI's API to those of model servers and back. This
 * package does not depend on dialects.
 */
@NullMarked
package io.github.openaikserve.internal.tensor;

import org.jspecify.annotations.NullMarked;
