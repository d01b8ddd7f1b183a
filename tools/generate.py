"""Generates Python code and types from the protos.

    python tools/generate.py              writes into the repository
    python tools/generate.py --into DIR   writes the same folders under DIR, for comparison

Three folders are made: our own API and the vendored rules with messages, stubs and types; and types
alone for google.rpc, whose package has none. The same inputs and the same locked tools give the
same bytes on every machine. Nothing is rewritten after generation: a generated module's import path
is its proto's path.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import sysconfig
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTOS = ROOT / "protos"
VENDORED = ROOT / "third_party" / "protovalidate"
WELL_KNOWN = Path(str(resources.files("grpc_tools") / "_proto"))
INSTALLED = Path(sysconfig.get_path("purelib"))  # googleapis-common-protos brings its protos.

CLIENT = Path("clients") / "python"
TYPES = Path("third_party") / "typings"
GENERATED = (CLIENT / "wallet" / "v1", CLIENT / "buf" / "validate", TYPES / "google" / "rpc")

SERVICE = re.compile(r"^service \w+ \{", re.MULTILINE)
GOOGLE_RPC = ("code", "error_details", "status")


def main() -> None:
    """Generates into the repository, or into another folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--into", type=Path, default=ROOT, metavar="DIR")
    generate(parser.parse_args().into)


def generate(out: Path) -> None:
    """Replaces the generated folders under `out`."""
    for folder in GENERATED:
        clear(out / folder)
    for folder in GENERATED[:2]:
        (out / folder / "py.typed").touch()

    own = sorted(PROTOS.rglob("*.proto"))
    services = [proto for proto in own if SERVICE.search(proto.read_text("utf-8"))]
    vendored = sorted(VENDORED.rglob("*.proto"))
    google = [INSTALLED / "google" / "rpc" / f"{name}.proto" for name in GOOGLE_RPC]

    run_protoc([*own, *vendored], out / CLIENT, ["python", "mypy"])
    run_protoc(services, out / CLIENT, ["grpc_python", "mypy_grpc"])
    run_protoc(google, out / TYPES, ["mypy"])


def clear(folder: Path) -> None:
    """Leaves no generated file in `folder`, so that one whose proto is gone goes too."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in [*folder.glob("*_pb2*.py"), *folder.glob("*_pb2*.pyi")]:
        stale.unlink()


def run_protoc(protos: list[Path], out: Path, plugins: list[str]) -> None:
    """Runs the protoc of grpcio-tools; its plugins come from the same environment."""
    if not protos:
        return
    scripts = Path(sysconfig.get_path("scripts"))
    command = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"--plugin=protoc-gen-mypy={scripts / 'protoc-gen-mypy'}",
        f"--plugin=protoc-gen-mypy_grpc={scripts / 'protoc-gen-mypy_grpc'}",
        *(f"--proto_path={path}" for path in (PROTOS, VENDORED, WELL_KNOWN, INSTALLED)),
        *(f"--{plugin}_out={out}" for plugin in plugins),
        *(f"--{plugin}_opt=quiet" for plugin in plugins if plugin.startswith("mypy")),
        *(str(proto) for proto in protos),
    ]
    if subprocess.run(command, check=False).returncode:
        sys.exit("protoc failed; see above.")


if __name__ == "__main__":
    main()
