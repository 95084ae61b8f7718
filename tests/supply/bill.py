"""Gives a bill of materials the version of the wheel beside it, and holds it to the schema of CycloneDX; part of `make sbom`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main(folder: Path) -> None:
    """Mend `dorpshub.cdx.json` in a folder that holds one wheel of ours."""
    (wheel,) = folder.glob("dorpshub-*.whl")
    file = folder / "dorpshub.cdx.json"
    bill = json.loads(file.read_text(encoding="utf-8"))
    bill["metadata"]["component"]["version"] = wheel.name.split("-")[1]
    text = json.dumps(bill, indent=2, sort_keys=True) + "\n"
    version = SchemaVersion.from_version(bill["specVersion"])
    if trouble := JsonStrictValidator(version).validate_str(text):
        sys.exit(f"{file} does not follow the schema: {trouble}")
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
