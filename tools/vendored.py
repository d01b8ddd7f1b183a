"""Compares the vendored protos with those of the installed packages.

The rules that callers compile against and the rules that the server runs must be one schema:
comments and layout do not count; everything else does. google/rpc/status.proto comes with its
package as it is, and must be the same to the byte.
"""

from __future__ import annotations

import difflib
import subprocess
import sys
import sysconfig
import tempfile
from importlib import resources
from pathlib import Path

import protovalidate
from google.protobuf import text_format
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

THIRD_PARTY = Path(__file__).resolve().parent.parent / "third_party"
VENDORED = THIRD_PARTY / "protovalidate"
STATUS = Path("google") / "rpc" / "status.proto"


def find_differences() -> list[str]:
    """Returns diffs from what is vendored to what is installed; none if all is equal."""
    return [*find_differences_of_rules(), *find_differences_of_status()]


def find_differences_of_status() -> list[str]:
    """Returns a diff of the two files."""
    return list(
        difflib.unified_diff(
            (THIRD_PARTY / "googleapis" / STATUS).read_text("utf-8").splitlines(),
            (Path(sysconfig.get_path("purelib")) / STATUS).read_text("utf-8").splitlines(),
            fromfile="third_party/googleapis",
            tofile="googleapis-common-protos, as installed",
            lineterm="",
        )
    )


def find_differences_of_rules() -> list[str]:
    """Returns a diff of the two schemas."""
    return list(
        difflib.unified_diff(
            describe(compile_vendored()),
            describe(load_installed()),
            fromfile="third_party/protovalidate",
            tofile="protovalidate, as installed",
            lineterm="",
        )
    )


def describe(file: FileDescriptorProto) -> list[str]:
    """Writes a schema as text, one fact a line, without what is only layout or a default."""
    file = FileDescriptorProto.FromString(file.SerializeToString())
    file.ClearField("source_code_info")
    file.ClearField("syntax")  # proto2, which compilers say or leave out.
    file.ClearField("options")  # The file's: only names of packages in other languages.
    return text_format.MessageToString(file).splitlines()


def compile_vendored() -> FileDescriptorProto:
    """Compiles the vendored file."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "validate.binpb"
        command = [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"--proto_path={VENDORED}",
            f"--proto_path={resources.files('grpc_tools') / '_proto'}",
            f"--descriptor_set_out={compiled}",
            "buf/validate/validate.proto",
        ]
        subprocess.run(command, check=True)
        return FileDescriptorSet.FromString(compiled.read_bytes()).file[0]


def load_installed() -> FileDescriptorProto:
    """Takes the schema from the installed package, by way of a message it makes public."""
    return FileDescriptorProto.FromString(protovalidate.ViolationPb.desc().file.proto.to_binary())
