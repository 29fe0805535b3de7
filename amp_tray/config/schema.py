"""The JSON Schema of `config.toml`, for editors."""

import json

from amp_tray.config.settings import Settings


def schema_text() -> str:
    """Return the schema as JSON text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(schema | Settings.model_json_schema(), indent=2) + "\n"
