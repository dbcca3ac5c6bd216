"""Settings: defaults, environment variables, refusals."""

import pytest

from nnplay.jobs.settings import VARIABLES, SettingError, Settings, read_settings


def test_defaults_hold_without_variables():
    settings = read_settings({})
    assert settings == Settings(workers=settings.workers)
    assert 1 <= settings.workers <= 2


@pytest.mark.parametrize("field", VARIABLES)
def test_every_variable_is_read(field):
    variable = VARIABLES[field]
    for value in (variable.low, variable.high):
        settings = read_settings({variable.name: f" {int(value)} "})
        assert getattr(settings, field) == value
        assert isinstance(getattr(settings, field), int if variable.whole else float)


@pytest.mark.parametrize("field", VARIABLES)
@pytest.mark.parametrize("text", ["many", "-1", "nan", "inf", "1e99", "2.5.1", "0", "9" * 5000])
def test_bad_values_are_refused_with_all_one_needs_to_know(field, text):
    variable = VARIABLES[field]
    with pytest.raises(SettingError) as caught:
        read_settings({variable.name: text})
    message = str(caught.value)
    assert variable.name in message
    assert f"{variable.low:g}" in message and f"{variable.high:g}" in message
    assert text[:40] in message and len(message) < 300


def test_every_setting_has_a_variable():
    assert set(VARIABLES) == set(Settings.__dataclass_fields__)
