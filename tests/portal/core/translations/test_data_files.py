"""Data files of others: listed with their licence, and unchanged."""

import csv
import hashlib
from pathlib import Path

import portal.core.translations

DATA = Path(portal.core.translations.__file__).parent / "data"
# Files that were written for the portal.
OWN_FILES = {"traditional_terms.csv"}


def test_every_file_of_others_is_listed_with_its_checksum_and_licence():
    with (DATA / "VERSIONS.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    files = {
        path.name for path in DATA.iterdir() if not path.name.startswith("LICENSE-")
    }

    assert files - OWN_FILES - {"VERSIONS.tsv"} == {row["file"] for row in rows}
    for row in rows:
        content = (DATA / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], row["file"]
        assert (DATA / f"LICENSE-{row['licence']}.txt").is_file(), row["file"]
        assert all(row.values()), row
