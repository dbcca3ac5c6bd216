"""How TensorFlow is loaded: what it says in a terminal."""

import pytest

from nnplay.engine.backend import tf


def test_a_program_for_every_network_is_nothing_to_warn_of(caplog: pytest.LogCaptureFixture):
    for _ in range(12):
        # Anew each time, as for another network.
        tf.function(lambda x: x + 1)(tf.constant(1.0))
    tf.get_logger().warning("Something else, %s.", "told")
    assert {record.getMessage() for record in caplog.records} == {"Something else, told."}
