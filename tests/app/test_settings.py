"""Every setting is documented, bounded and read from the environment."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, settings_table


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_unit_and_a_sentence(name: str) -> None:
    field = Settings.model_fields[name]
    assert isinstance(field.json_schema_extra, dict)
    assert field.json_schema_extra["unit"]
    assert field.description is not None
    assert field.description.endswith(".")
    assert not field.is_required()
    rows = [row for row in settings_table().splitlines() if row.startswith(f"| `CONVLOUPE_{name.upper()}` |")]
    assert len(rows) == 1
    assert field.description in rows[0]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_documentation(name: str) -> None:
    document = Path(__file__).parents[2] / "docs" / "settings.md"
    assert f"`CONVLOUPE_{name.upper()}`" in document.read_text("utf-8")


@pytest.mark.parametrize(
    "name", [name for name, field in Settings.model_fields.items() if field.annotation in (int, float)]
)
def test_every_number_has_a_bound_and_its_default_keeps_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings.model_fields[name].metadata, "a number without bounds"
    Settings.model_validate({name: Settings.model_fields[name].default})
    monkeypatch.setenv(f"CONVLOUPE_{name.upper()}", "-1")
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVLOUPE_UPLOAD_BYTES", "12345")
    monkeypatch.setenv("CONVLOUPE_DATA_DIR", "/somewhere")
    settings = Settings()
    assert settings.upload_bytes == 12345
    assert settings.data_dir == Path("/somewhere")
    monkeypatch.setenv("CONVLOUPE_UPLOAD_BYTES", "many")
    with pytest.raises(ValidationError, match="upload_bytes"):
        Settings()
