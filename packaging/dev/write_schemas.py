"""Write the JSON Schemas that editors and scripts use, from the models that check the data."""

from pathlib import Path

from amp_tray.config.schema import schema_text as config_schema
from amp_tray_rpc.documents import schema_text as report_schema
from amp_tray_rpc.openrpc import document_text as openrpc

ROOT = Path(__file__).parents[2]
SCHEMAS = {
    ROOT / "packaging/schemas/config.schema.json": config_schema,
    ROOT / "rpc/report.schema.json": report_schema,
    ROOT / "rpc/openrpc.json": openrpc,
}


def main() -> None:
    """Write every schema."""
    for path, text in SCHEMAS.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
