"""The order in which an epoch takes the samples: the same in XLA, in TensorFlow and in numpy."""

from nnplay.engine.backend import tf


def order_of(samples: int, seed: tf.Tensor, epoch: tf.Tensor) -> tf.Tensor:
    """Places of the samples, (samples,) int32: sorted by a hash of (seed, epoch, place).

    A hash of whole numbers rather than TensorFlow's generator: every machine and an exported script can
    repeat it, and XLA compiles it in a tenth of the time.
    """
    epoch_key = _hash(tf.cast(epoch, tf.uint32) + _hash(tf.cast(seed, tf.uint32)))
    keys = _hash(_hash(tf.cast(tf.range(samples), tf.uint32)) + epoch_key)
    return tf.argsort(tf.bitcast(keys, tf.int32), stable=True)


def _hash(x: tf.Tensor) -> tf.Tensor:
    """Mix the bits of 32-bit numbers, one to one (Wellons, "Prospecting for Hash Functions": lowbias32)."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        x = tf.bitwise.bitwise_xor(x, tf.bitwise.right_shift(x, tf.constant(shift, tf.uint32)))
        x *= tf.constant(factor, tf.uint32)
    return x
